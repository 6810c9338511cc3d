import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountsServer, on } from './test-accounts.ts';
import { signedIn, type TestServer } from './test-server.ts';

const INVITE = `mutation ($input: InviteToAccountInput!) { inviteToAccount(input: $input) {
  ... on InvitationMade { code }
} }`;
const ACCEPT = `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  ... on InvitationAccepted { role }
} }`;
const REMOVE = `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { __typename } }`;
const FREEZE = `mutation ($input: SetAccountFreezeInput!) { setAccountFreeze(input: $input) { __typename } }`;

let accounts: AccountsServer;
let server: TestServer;
beforeAll(async () => {
  accounts = await AccountsServer.start();
  server = accounts.server;
});
afterAll(() => accounts.stop());

describe('the name of an account', () => {
  it('is changed by its owners, and the change is recorded', async () => {
    const trader = await server.aTrader();
    const { accountId } = trader;
    expect(await accounts.rename(signedIn(trader), accountId, ' Carry 𝛼 ')).toEqual({
      ...{ __typename: 'AccountRenamed', name: 'Carry 𝛼' },
    });
    expect((await accounts.trailOf(trader))[0]).toBe(`ACCOUNT_RENAMED ${accountId}`);
    const rows = await accounts.server.sql('SELECT name FROM accounts WHERE id = $1', [accountId]);
    expect(rows).toEqual([{ name: 'Carry 𝛼' }]);
  });

  it('is changed neither by other users, members or not, nor to an invalid name', async () => {
    const [owner, guest] = [await server.aTrader(), await server.aTrader()];
    const { accountId } = owner;
    const notFound = { __typename: 'AccountNotFound' };
    for (const viewer of [
      signedIn(guest),
      on(accountId, guest, 'TRADER'),
      // As the gateway might still see someone who was just removed.
      on(accountId, guest, 'OWNER'),
    ])
      expect(await accounts.rename(viewer, accountId, 'Mine')).toEqual(notFound);
    expect(await accounts.rename(signedIn(owner), 'no id', 'Mine')).toEqual(notFound);
    for (const name of ['', 'a\nb', '\u2066x'])
      expect(await accounts.rename(signedIn(owner), accountId, name)).toMatchObject({
        reason: 'NAME_INVALID',
      });
  });

  it('is changed by an owner before they are removed, or not at all', async () => {
    const [owner, guest] = [await server.aTrader(), await server.aTrader()];
    const { accountId } = owner;
    const { code } = await server.ask<{ code: string }>(signedIn(owner), INVITE, {
      ...{ accountId, role: 'OWNER' },
    });
    await server.ask(signedIn(guest), ACCEPT, { code });
    const [, ...answers] = await Promise.all([
      server.ask(signedIn(owner), REMOVE, { accountId, userId: guest.userId }),
      ...Array.from({ length: 5 }, (_, number) =>
        accounts.rename(on(accountId, guest, 'OWNER'), accountId, `Taken ${number}`),
      ),
    ]);
    const renamed = answers.filter(({ __typename }) => __typename === 'AccountRenamed');
    const noted = (await accounts.trailOf(guest)).filter((entry) =>
      entry.startsWith('ACCOUNT_RENAMED'),
    );
    expect(noted).toHaveLength(renamed.length);
    expect(await accounts.rename(on(accountId, guest, 'OWNER'), accountId, 'Late')).toEqual({
      __typename: 'AccountNotFound',
    });
  });

  it('stays while the account is frozen, but another account can be opened', async () => {
    const [trader, desk] = [await server.aTrader(), await server.aTrader({}, { isDesk: true })];
    const { accountId } = trader;
    const freeze = (isFrozen: boolean) =>
      server.ask(on('house', desk, 'OWNER'), FREEZE, { accountId, isFrozen, reason: 'dispute' });
    await freeze(true);
    expect(await accounts.rename(signedIn(trader), accountId, 'Hidden')).toMatchObject({
      reason: 'ACCOUNT_FROZEN',
    });
    expect(await accounts.open(signedIn(trader), 'b')).toMatchObject({ replayed: false });
    await freeze(false);
    expect(await accounts.rename(signedIn(trader), accountId, 'Seen')).toMatchObject({
      name: 'Seen',
    });
  });

  it('of the house cannot be changed, even by its owners', async () => {
    const desk = await server.aTrader({}, { isDesk: true });
    expect(await accounts.rename(on('house', desk, 'OWNER'), 'house', 'Casino')).toEqual({
      ...{ __typename: 'RenameAccountRefused', reason: 'NOT_A_CLIENT_ACCOUNT' },
    });
  });
});
