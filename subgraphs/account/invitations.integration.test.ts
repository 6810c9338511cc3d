import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Trader } from '#shared/identity/viewer.ts';
import { signedIn, startTestServer, type TestServer, viewerOf } from './test-server.ts';

// An invitation that a thief made with a stolen session must not outlast what its owner does about the theft.

const PASSWORD = 'open sesame';
const INVITE = `mutation ($input: InviteToAccountInput!) { inviteToAccount(input: $input) {
  ... on InvitationMade { code }
} }`;
const ACCEPT = `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  __typename ... on InvitationRefused { reason }
} }`;
const WITHDRAW = `mutation ($input: WithdrawInvitationsInput!) { withdrawInvitations(input: $input) {
  __typename ... on InvitationsWithdrawn { accountId withdrawn }
} }`;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignedIn { session { id } }
} }`;
const CHANGE = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
  __typename
} }`;
const FREEZE = `mutation ($input: SetAccountFreezeInput!) { setAccountFreeze(input: $input) {
  __typename
} }`;
const TRAIL = '{ viewer { auditTrail(first: 1) { edges { node { action subjectId } } } } }';
const INVALID = { __typename: 'InvitationRefused', reason: 'INVITATION_INVALID' };

type Seeded = Awaited<ReturnType<TestServer['aTrader']>>;

let server: TestServer;
let owner: Seeded;
let guest: Seeded;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  owner = await server.aTrader({}, { password: PASSWORD });
  guest = await server.aTrader();
});
afterAll(() => server.stop());

const invite = async (viewer = signedIn(owner), accountId = owner.accountId) =>
  (await server.ask<{ code: string }>(viewer, INVITE, { accountId, role: 'OWNER' })).code;
const accept = (code: string) =>
  server.ask<{ __typename: string }>(signedIn(guest), ACCEPT, { code });
const withdraw = (viewer = signedIn(owner)) =>
  server.ask(viewer, WITHDRAW, { accountId: owner.accountId });

describe('open invitations', () => {
  it('are withdrawn by an owner, all at once, which is in their trail', async () => {
    const codes = [await invite(), await invite()];
    const { accountId } = owner;
    expect(await withdraw()).toEqual({
      ...{ __typename: 'InvitationsWithdrawn', accountId, withdrawn: 2 },
    });
    for (const code of codes) expect(await accept(code)).toEqual(INVALID);
    const { data } = await server.subgraph.request(signedIn(owner), TRAIL);
    expect(data).toEqual({
      viewer: {
        auditTrail: {
          edges: [{ node: { action: 'INVITATIONS_WITHDRAWN', subjectId: accountId } }],
        },
      },
    });
    expect(await withdraw()).toMatchObject({ withdrawn: 0 });
    expect(await accept(await invite())).toMatchObject({ __typename: 'InvitationAccepted' });
  });

  it('are withdrawn by nobody else, and not by a key, nor while the account is frozen', async () => {
    const code = await invite();
    const asTrader = signedIn(guest, { accountId: owner.accountId, role: 'TRADER' });
    const asFormerOwner = signedIn(guest, { accountId: owner.accountId, role: 'OWNER' });
    for (const viewer of [signedIn(guest), asTrader, asFormerOwner])
      expect(await withdraw(viewer)).toEqual({ __typename: 'AccountNotFound' });
    const { errors } = await server.subgraph.request(viewerOf(owner), WITHDRAW, {
      input: { accountId: owner.accountId },
    });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const desk = await server.aTrader({}, { isDesk: true });
    const byDesk = signedIn(desk, { accountId: 'house' as Seeded['accountId'], role: 'OWNER' });
    const freeze = { accountId: owner.accountId, reason: 'dispute' };
    await server.ask(byDesk, FREEZE, { ...freeze, isFrozen: true });
    expect(await withdraw()).toEqual({ __typename: 'AccountFrozen' });
    await server.ask(byDesk, FREEZE, { ...freeze, isFrozen: false });
    expect(await accept(code)).toMatchObject({ __typename: 'InvitationAccepted' });
  });

  it('are withdrawn with the sessions of the user who made them, and no others', async () => {
    const other = await server.aTrader();
    const [code, others] = [await invite(), await invite(signedIn(other), other.accountId)];
    await server.ask(viewerOf(owner), 'mutation { signOutEverywhere { endedSessions } }');
    expect(await accept(code)).toEqual(INVALID);
    expect(await accept(others)).toMatchObject({ __typename: 'InvitationAccepted' });
  });

  it('are withdrawn when the password is changed', async () => {
    const nobody = { kind: 'anonymous', scopes: [] } as unknown as Trader;
    const { session } = await server.ask<{ session: { id: string } }>(nobody, SIGN_IN, {
      ...{ email: owner.email, password: PASSWORD },
    });
    const credential = { kind: 'session', sessionId: session.id } as Trader['credential'];
    const viewer = { ...signedIn(owner), credential };
    const code = await invite(viewer);
    const passwords = { currentPassword: PASSWORD, newPassword: 'correct horse battery' };
    expect(await server.ask(viewer, CHANGE, passwords)).toEqual({ __typename: 'PasswordChanged' });
    expect(await accept(code)).toEqual(INVALID);
  });

  it('are withdrawn by a sign-in that ends all else, which is in the trail even if there is nothing else', async () => {
    const code = await invite();
    const nobody = { kind: 'anonymous', scopes: [] } as unknown as Trader;
    const { session } = await server.ask<{ session: { id: string } }>(nobody, SIGN_IN, {
      ...{ email: owner.email, password: PASSWORD, endOthers: true },
    });
    expect(await accept(code)).toEqual(INVALID);
    const rows = await server.sql(
      "SELECT session_id FROM audit_entries WHERE user_id = $1 AND action = 'ALL_SESSIONS_ENDED'",
      [owner.userId],
    );
    expect(rows).toEqual([{ session_id: session.id }]);
  });

  it('are accepted or withdrawn, never both', async () => {
    for (let round = 0; round < 10; round += 1) {
      guest = await server.aTrader();
      const code = await invite();
      const [accepted, withdrawn] = await Promise.all([
        accept(code),
        server.ask<{ endedSessions: number }>(
          viewerOf(owner),
          'mutation { signOutEverywhere { endedSessions } }',
        ),
      ]);
      expect(withdrawn).toHaveProperty('endedSessions');
      guest = await server.aTrader();
      const again = await accept(code);
      const isMember = accepted.__typename === 'InvitationAccepted';
      expect(isMember ? again : accepted).toEqual(INVALID);
    }
  });
});
