import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountGrant, Trader } from '#shared/identity/viewer.ts';
import { parseAccountId, trusted } from '#shared/domain/ids.ts';
import { signedIn, startTestServer, type TestServer, viewerOf } from './test-server.ts';

const INVITE = `mutation ($input: InviteToAccountInput!) { inviteToAccount(input: $input) {
  ... on InvitationMade { code role expiresAt } ... on AccountNotFound { accountId }
} }`;
const ACCEPT = `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  ... on InvitationAccepted { accountId role replayed } ... on InvitationRefused { reason }
} }`;
const REMOVE = `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) {
  __typename ... on MemberNotFound { userId } ... on AccountNotFound { accountId }
} }`;
const CHANGES = `query ($id: ID!, $first: Int, $after: String) { account(id: $id) {
  memberChanges(first: $first, after: $after) {
    edges { node { kind role user { id name } by { id } } } pageInfo { endCursor }
  }
} }`;
const TRAIL = '{ viewer { auditTrail { edges { node { action subjectId address } } } } }';
const MEMBERS = 'query ($id: ID!) { account(id: $id) { members { userId role } } }';

type Seeded = Awaited<ReturnType<TestServer['aTrader']>>;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Makes of something more than anybody could in a test's time. */
const makeMany = (text: string, id: string) => server.sql(text, [id]);

const invite = (viewer: Trader, accountId: string, role: AccountGrant['role']) =>
  server.ask<{ code: string }>(viewer, INVITE, { accountId, role });
const accept = (viewer: Trader, code: string) =>
  server.ask<{ reason?: string; role?: string; replayed?: boolean }>(viewer, ACCEPT, { code });

/** The trader with a role on the account of another, as the gateway would tell after a second. */
function on(account: Seeded, trader: Seeded, role: AccountGrant['role']): Trader {
  return signedIn(trader, { accountId: account.accountId, role });
}

async function membersOf(owner: Seeded): Promise<readonly string[]> {
  const { data } = await server.subgraph.request<{
    account: { members: { userId: string; role: string }[] };
  }>(signedIn(owner), MEMBERS, { id: owner.accountId });
  return data.account.members.map(({ userId, role }) => `${role} ${userId}`);
}

describe('an invitation', () => {
  it.each(['VIEWER', 'TRADER', 'OWNER'] as const)('makes somebody a %s', async (role) => {
    const [owner, guest] = [await server.aTrader(), await server.aTrader()];
    const { code } = await invite(signedIn(owner), owner.accountId, role);
    const accepted = { accountId: owner.accountId, role, replayed: false };
    expect(await accept(signedIn(guest), code)).toEqual(accepted);
    const { accounts } = await server.viewerWithAllAccounts(guest);
    expect(accounts).toContainEqual({ accountId: owner.accountId, role });
    expect([...(await membersOf(owner))].sort()).toEqual(
      [`OWNER ${owner.userId}`, `${role} ${guest.userId}`].sort(),
    );
  });

  it('is good once, also for ten at once', async () => {
    const owner = await server.aTrader();
    const guests = await Promise.all(Array.from({ length: 10 }, () => server.aTrader()));
    const { code } = await invite(signedIn(owner), owner.accountId, 'VIEWER');
    const answers = await Promise.all(guests.map((guest) => accept(signedIn(guest), code)));
    expect(answers.filter(({ role }) => role !== undefined)).toHaveLength(1);
    expect(answers.filter(({ reason }) => reason === 'INVITATION_INVALID')).toHaveLength(9);
    expect(await membersOf(owner)).toHaveLength(2);
  });

  it('is accepted once by who shows two at once', async () => {
    const [owner, guest] = [await server.aTrader(), await server.aTrader()];
    const codes = [];
    for (let count = 0; count < 2; count += 1)
      codes.push((await invite(signedIn(owner), owner.accountId, 'TRADER')).code);
    const answers = await Promise.all(codes.map((code) => accept(signedIn(guest), code)));
    expect(answers.map(({ reason = 'accepted' }) => reason).sort()).toEqual([
      ...['ALREADY_MEMBER', 'accepted'],
    ]);
  });

  it('is one of fifty at most: the one that ends first goes', async () => {
    const [owner, guest] = [await server.aTrader(), await server.aTrader()];
    const codes = [];
    for (let count = 0; count < 51; count += 1)
      codes.push((await invite(signedIn(owner), owner.accountId, 'VIEWER')).code);
    expect(await accept(signedIn(guest), codes[0] ?? '')).toEqual({ reason: 'INVITATION_INVALID' });
    expect(await accept(signedIn(guest), codes[50] ?? '')).toMatchObject({ role: 'VIEWER' });
  });

  it('finds a hundred members at most, also when two take the last place at once', async () => {
    const [owner, guests] = [
      await server.aTrader(),
      [await server.aTrader(), await server.aTrader()],
    ];
    await makeMany(
      `WITH others AS (
        INSERT INTO users (id, email, name, created_at)
        SELECT 'usr-' || n || $1, n || $1, 'many', now() FROM generate_series(1, 98) n RETURNING id
      ) INSERT INTO account_members (account_id, user_id, role) SELECT $1, id, 'VIEWER' FROM others`,
      owner.accountId,
    );
    const tries = guests.map(async (guest) => {
      const { code } = await invite(signedIn(owner), owner.accountId, 'VIEWER');
      return async () => (await accept(signedIn(guest), code)).reason ?? 'accepted';
    });
    const answers = (await Promise.all(tries)).map((show) => show());
    expect((await Promise.all(answers)).sort()).toEqual(['TOO_MANY_MEMBERS', 'accepted']);
    expect(await membersOf(owner)).toHaveLength(100);
  });

  it('finds a person on a hundred accounts at most, who leaves one and shows it again', async () => {
    const [owner, guest] = [await server.aTrader(), await server.aTrader()];
    await makeMany(
      `WITH others AS (
        INSERT INTO accounts (id, name, kind, overdraft_allowed, created_at)
        SELECT 'acc-' || n || $1, 'many', 'CLIENT', false, now() FROM generate_series(1, 99) n
        RETURNING id
      ) INSERT INTO account_members (account_id, user_id, role) SELECT id, $1, 'TRADER' FROM others`,
      guest.userId,
    );
    const { code } = await invite(signedIn(owner), owner.accountId, 'VIEWER');
    expect(await accept(signedIn(guest), code)).toEqual({ reason: 'TOO_MANY_ACCOUNTS' });
    const accountId = trusted(parseAccountId, `acc-1${guest.userId}`);
    const input = { accountId, userId: guest.userId };
    await server.ask(on({ ...owner, accountId }, guest, 'TRADER'), REMOVE, input);
    expect(await accept(signedIn(guest), code)).toMatchObject({ role: 'VIEWER' });
    // What says which accounts they are comes with each request, and is still read.
    const viewer = await server.viewerWithAllAccounts(guest);
    expect(viewer.accounts).toHaveLength(100);
    const { errors } = await server.subgraph.request(viewer, '{ viewer { accounts { id } } }');
    expect(errors).toBeUndefined();
  });

  it('is answered again to whoever accepted it, at once or later, until they are removed', async () => {
    const [owner, guest] = [await server.aTrader(), await server.aTrader()];
    const { accountId } = owner;
    const { code } = await invite(signedIn(owner), accountId, 'TRADER');
    const answers = await Promise.all([1, 2, 3].map(() => accept(signedIn(guest), code)));
    answers.push(await accept(signedIn(guest), code));
    const accepted = { accountId, role: 'TRADER' };
    for (const answer of answers) expect(answer).toMatchObject(accepted);
    expect(answers.map(({ replayed }) => replayed).toSorted()).toEqual([false, true, true, true]);
    expect(await membersOf(owner)).toHaveLength(2);
    const invalid = { reason: 'INVITATION_INVALID' };
    expect(await accept(signedIn(await server.aTrader()), code)).toEqual(invalid);
    await server.ask(signedIn(owner), REMOVE, { accountId, userId: guest.userId });
    expect(await accept(signedIn(guest), code)).toEqual(invalid);
  });

  it('gives nothing to who is there already, and stays good', async () => {
    const [owner, guest] = [await server.aTrader(), await server.aTrader()];
    const { code } = await invite(signedIn(owner), owner.accountId, 'VIEWER');
    expect(await accept(signedIn(owner), code)).toEqual({ reason: 'ALREADY_MEMBER' });
    expect(await accept(signedIn(guest), code)).toMatchObject({ role: 'VIEWER' });
  });

  it.each(['', 'dgi_x', `dgi_${'0'.repeat(56)}`])('is not %j', async (code) => {
    expect(await accept(signedIn(await server.aTrader()), code)).toEqual({
      reason: 'INVITATION_INVALID',
    });
  });

  it('can be made by owners alone; for all others the account is not there', async () => {
    const [owner, other] = [await server.aTrader(), await server.aTrader()];
    const notFound = { accountId: owner.accountId };
    for (const viewer of [signedIn(other), on(owner, other, 'TRADER'), on(owner, other, 'VIEWER')])
      expect(await invite(viewer, owner.accountId, 'OWNER')).toEqual(notFound);
  });
});

describe('a member', () => {
  /** An account with a second person on it. */
  async function shared(role: AccountGrant['role']) {
    const [owner, guest] = [await server.aTrader(), await server.aTrader()];
    const { code } = await invite(signedIn(owner), owner.accountId, role);
    await accept(signedIn(guest), code);
    const remove = (viewer: Trader, userId: string) =>
      server.ask(viewer, REMOVE, { accountId: owner.accountId, userId });
    return { owner, guest, remove };
  }

  it('is taken off by an owner, or by themselves, and by nobody else', async () => {
    const { owner, guest, remove } = await shared('TRADER');
    const stranger = await server.aTrader();
    const notFound = { __typename: 'AccountNotFound', accountId: owner.accountId };
    expect(await remove(signedIn(stranger), guest.userId)).toEqual(notFound);
    expect(await remove(on(owner, guest, 'TRADER'), owner.userId)).toEqual(notFound);
    expect(await remove(on(owner, guest, 'TRADER'), guest.userId)).toEqual({
      __typename: 'MemberRemoved',
    });
    expect(await remove(signedIn(owner), guest.userId)).toEqual({
      ...{ __typename: 'MemberNotFound', userId: guest.userId },
    });
    expect(await membersOf(owner)).toEqual([`OWNER ${owner.userId}`]);
  });

  it.each(['VIEWER', 'TRADER', 'OWNER'] as const)(
    'who was a %s has no way back by a second invitation',
    async (role) => {
      const { owner, guest, remove } = await shared(role);
      const { code } = await invite(signedIn(owner), owner.accountId, 'TRADER');
      expect(await accept(signedIn(guest), code)).toEqual({ reason: 'ALREADY_MEMBER' });
      await remove(signedIn(owner), guest.userId);
      expect(await accept(signedIn(guest), code)).toEqual({ reason: 'INVITATION_INVALID' });
    },
  );

  it('leaves it written down who was what, from when to when, and by whom', async () => {
    const { owner, guest, remove } = await shared('TRADER');
    await remove(signedIn(owner), guest.userId);
    const page = async (first: number, after: string | null) =>
      (
        await server.subgraph.request<{
          account: {
            memberChanges: { edges: { node: object }[]; pageInfo: { endCursor: string } };
          };
        }>(signedIn(owner), CHANGES, { id: owner.accountId, first, after })
      ).data.account.memberChanges;
    const [newest, others] = [await page(1, null), await page(1, null)];
    const rest = await page(250, others.pageInfo.endCursor);
    const [by, user] = [{ id: owner.userId }, { id: guest.userId }];
    expect([...newest.edges, ...rest.edges].map(({ node }) => node)).toMatchObject([
      { kind: 'REMOVED', role: 'TRADER', user, by },
      { kind: 'JOINED', role: 'TRADER', user, by },
      { kind: 'INVITED', role: 'TRADER', user: null, by },
      { kind: 'JOINED', role: 'OWNER', user: by, by: null },
    ]);
    const { data } = await server.subgraph.request<{
      viewer: { auditTrail: { edges: { node: object }[] } };
    }>(signedIn(guest), TRAIL);
    expect(data.viewer.auditTrail.edges[0]?.node).toEqual({
      ...{ action: 'REMOVED_FROM_ACCOUNT', subjectId: owner.accountId, address: null },
    });
  });

  it('who was an owner has no way back by an invitation made before', async () => {
    const { owner, guest, remove } = await shared('OWNER');
    const { code } = await invite(on(owner, guest, 'OWNER'), owner.accountId, 'OWNER');
    await remove(signedIn(owner), guest.userId);
    expect(await accept(signedIn(guest), code)).toEqual({ reason: 'INVITATION_INVALID' });
  });

  it('who was an owner has none by a request that was on its way meanwhile', async () => {
    const { owner, guest, remove } = await shared('OWNER');
    await remove(signedIn(owner), guest.userId);
    const notFound = { accountId: owner.accountId };
    expect(await invite(on(owner, guest, 'OWNER'), owner.accountId, 'OWNER')).toEqual(notFound);
    expect(await remove(on(owner, guest, 'OWNER'), owner.userId)).toMatchObject(notFound);
    expect(await membersOf(owner)).toEqual([`OWNER ${owner.userId}`]);
  });

  it('is neither invited nor taken off by an API key, nor made by one, which would outgrow what it may do', async () => {
    const { owner, guest } = await shared('VIEWER');
    const { accountId } = owner;
    const { code } = await invite(signedIn(owner), accountId, 'OWNER');
    const stranger = await server.aTrader();
    for (const [trader, query, input] of [
      [owner, INVITE, { accountId, role: 'OWNER' }],
      [owner, REMOVE, { accountId, userId: guest.userId }],
      [stranger, ACCEPT, { code }],
    ] as const) {
      const { errors } = await server.subgraph.request(viewerOf(trader), query, { input });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    expect(await membersOf(owner)).toHaveLength(2);
    expect(await accept(signedIn(stranger), code)).toMatchObject({ role: 'OWNER' });
  });

  it('who is the last owner stays, also when two take each other off at once', async () => {
    const { owner, guest, remove } = await shared('OWNER');
    await Promise.all([
      remove(signedIn(owner), guest.userId),
      remove(on(owner, guest, 'OWNER'), owner.userId),
    ]);
    const left = (await server.viewerWithAllAccounts(owner)).accounts;
    const stays = left.some(({ accountId }) => accountId === owner.accountId) ? owner : guest;
    const viewer = stays === owner ? signedIn(owner) : on(owner, guest, 'OWNER');
    expect(await remove(viewer, stays.userId)).toEqual({ __typename: 'LastOwner' });
  });
});
