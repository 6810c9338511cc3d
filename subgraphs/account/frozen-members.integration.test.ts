// Who is what on an account while the desk has frozen it, over GraphQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAccountId, trusted } from '#shared/domain/ids.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import { signedIn, startTestServer, type TestServer, viewerOf } from './test-server.ts';

const MUTATIONS = {
  freeze: `mutation ($input: SetAccountFreezeInput!) { setAccountFreeze(input: $input) { __typename } }`,
  invite: `mutation ($input: InviteToAccountInput!) { inviteToAccount(input: $input) {
    __typename ... on InvitationMade { code } ... on AccountFrozen { accountId }
  } }`,
  accept: `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
    __typename ... on InvitationRefused { reason }
  } }`,
  remove: `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) {
    __typename ... on AccountFrozen { accountId }
  } }`,
} as const;

let server: TestServer;
let desk: Trader;
beforeAll(async () => {
  server = await startTestServer();
  const house = { accountId: trusted(parseAccountId, 'house'), role: 'OWNER' as const };
  desk = { ...viewerOf(await server.aTrader({}, { isDesk: true })), accounts: [house] };
});
afterAll(() => server.stop());

async function ask(viewer: Trader, name: keyof typeof MUTATIONS, input: object) {
  const { data } = await server.subgraph.request<object>(viewer, MUTATIONS[name], { input });
  return Object.values(data)[0] as { readonly __typename: string; readonly code: string };
}

describe('an account that the desk has frozen', () => {
  it('keeps its members, whoever asks, and lets them change again when it is unfrozen', async () => {
    const [owner, thief, guest] = [
      await server.aTrader(),
      await server.aTrader(),
      await server.aTrader(),
    ];
    const { accountId } = owner;
    const byOwner = signedIn(owner);
    const byThief = signedIn(thief, { accountId, role: 'OWNER' });
    const first = await ask(byOwner, 'invite', { accountId, role: 'OWNER' });
    await ask(byThief, 'accept', { code: first.code });
    const { code } = await ask(byThief, 'invite', { accountId, role: 'TRADER' });

    const freeze = { accountId, isFrozen: true, reason: 'taken over' };
    expect(await ask(desk, 'freeze', freeze)).toEqual({ __typename: 'AccountFreezeSet' });
    const frozen = { __typename: 'AccountFrozen', accountId };
    const byOwnerRemoved = { accountId, userId: owner.userId };
    expect(await ask(byThief, 'remove', byOwnerRemoved)).toEqual(frozen);
    expect(await ask(byOwner, 'remove', byOwnerRemoved)).toEqual(frozen);
    expect(await ask(byThief, 'invite', { accountId, role: 'OWNER' })).toEqual(frozen);
    expect(await ask(signedIn(guest), 'accept', { code })).toEqual({
      ...{ __typename: 'InvitationRefused', reason: 'ACCOUNT_FROZEN' },
    });
    const stranger = signedIn(guest, { accountId, role: 'OWNER' });
    expect(await ask(stranger, 'remove', byOwnerRemoved)).toMatchObject({
      __typename: 'AccountNotFound',
    });

    await ask(desk, 'freeze', { ...freeze, isFrozen: false, reason: 'sorted out' });
    expect(await ask(signedIn(guest), 'accept', { code })).toEqual({
      __typename: 'InvitationAccepted',
    });
    expect(await ask(byOwner, 'remove', { accountId, userId: thief.userId })).toEqual({
      __typename: 'MemberRemoved',
    });
  });
});
