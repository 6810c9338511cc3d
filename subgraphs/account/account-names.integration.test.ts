import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAccountId, trusted } from '#shared/domain/ids.ts';
import type { AccountRole, Trader } from '#shared/identity/viewer.ts';
import { signedIn, startTestServer, type TestServer } from './test-server.ts';

const OPEN = `mutation ($input: OpenAccountInput!) { openAccount(input: $input) {
  __typename ... on AccountOpened { replayed }
} }`;
const RENAME = `mutation ($input: RenameAccountInput!) { renameAccount(input: $input) {
  __typename ... on AccountRenamed { name } ... on RenameAccountRefused { reason }
} }`;
const TRAIL = '{ viewer { auditTrail { edges { node { action subjectId } } } } }';
const INVITE = `mutation ($input: InviteToAccountInput!) { inviteToAccount(input: $input) {
  ... on InvitationMade { code }
} }`;
const ACCEPT = `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  ... on InvitationAccepted { role }
} }`;
const REMOVE = `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { __typename } }`;
const FREEZE = `mutation ($input: SetAccountFreezeInput!) { setAccountFreeze(input: $input) { __typename } }`;

type Seeded = Awaited<ReturnType<TestServer['aTrader']>>;
interface Renamed {
  readonly __typename: string;
  readonly name?: string;
}

let server: TestServer;
let sql: pg.Client;
beforeAll(async () => {
  server = await startTestServer();
  sql = new pg.Client({ connectionString: server.databaseUrl });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await server.stop();
});

async function ask<Answer>(viewer: Trader, query: string, input: object): Promise<Answer> {
  const { data } = await server.subgraph.request<Record<string, Answer>>(viewer, query, { input });
  return Object.values(data)[0] as Answer;
}

const open = (viewer: Trader, clientAccountId: string) =>
  ask<object>(viewer, OPEN, { clientAccountId, name: 'Grid' });
const rename = (viewer: Trader, accountId: string, name: string) =>
  ask<Renamed>(viewer, RENAME, { accountId, name });

/** The trader with a role on some account, as the gateway would tell after a second. */
function on(accountId: string, trader: Seeded, role: AccountRole): Trader {
  return signedIn(trader, { accountId: trusted(parseAccountId, accountId), role });
}

async function trailOf(trader: Seeded): Promise<readonly string[]> {
  const { data } = await server.subgraph.request<{
    viewer: { auditTrail: { edges: { node: { action: string; subjectId: string } }[] } };
  }>(signedIn(trader), TRAIL);
  return data.viewer.auditTrail.edges.map(({ node }) => `${node.action} ${node.subjectId}`);
}

describe('the name of an account', () => {
  it('is changed by its owners, and noted', async () => {
    const trader = await server.aTrader();
    const { accountId } = trader;
    expect(await rename(signedIn(trader), accountId, ' Carry 𝛼 ')).toEqual({
      ...{ __typename: 'AccountRenamed', name: 'Carry 𝛼' },
    });
    expect((await trailOf(trader))[0]).toBe(`ACCOUNT_RENAMED ${accountId}`);
    const { rows } = await sql.query('SELECT name FROM accounts WHERE id = $1', [accountId]);
    expect(rows).toEqual([{ name: 'Carry 𝛼' }]);
  });

  it('is not changed by others, of whom it may be that they are members, nor to what is no name', async () => {
    const [owner, guest] = [await server.aTrader(), await server.aTrader()];
    const { accountId } = owner;
    const notFound = { __typename: 'AccountNotFound' };
    for (const viewer of [
      signedIn(guest),
      on(accountId, guest, 'TRADER'),
      // As the gateway might still tell who was taken off meanwhile.
      on(accountId, guest, 'OWNER'),
    ])
      expect(await rename(viewer, accountId, 'Mine')).toEqual(notFound);
    expect(await rename(signedIn(owner), 'no id', 'Mine')).toEqual(notFound);
    for (const name of ['', 'a\nb', '\u2066x'])
      expect(await rename(signedIn(owner), accountId, name)).toMatchObject({
        reason: 'NAME_INVALID',
      });
  });

  it('is changed by who is being taken off before that, or not at all', async () => {
    const [owner, guest] = [await server.aTrader(), await server.aTrader()];
    const { accountId } = owner;
    const { code } = await ask<{ code: string }>(signedIn(owner), INVITE, {
      ...{ accountId, role: 'OWNER' },
    });
    await ask(signedIn(guest), ACCEPT, { code });
    const [, ...answers] = await Promise.all([
      ask(signedIn(owner), REMOVE, { accountId, userId: guest.userId }),
      ...Array.from({ length: 5 }, (_, number) =>
        rename(on(accountId, guest, 'OWNER'), accountId, `Taken ${number}`),
      ),
    ]);
    const renamed = answers.filter(({ __typename }) => __typename === 'AccountRenamed');
    const noted = (await trailOf(guest)).filter((entry) => entry.startsWith('ACCOUNT_RENAMED'));
    expect(noted).toHaveLength(renamed.length);
    expect(await rename(on(accountId, guest, 'OWNER'), accountId, 'Late')).toEqual({
      __typename: 'AccountNotFound',
    });
  });

  it('stays while the account is frozen, and a further account can be opened meanwhile', async () => {
    const [trader, desk] = [await server.aTrader(), await server.aTrader({}, { isDesk: true })];
    const { accountId } = trader;
    const freeze = (isFrozen: boolean) =>
      ask(on('house', desk, 'OWNER'), FREEZE, { accountId, isFrozen, reason: 'dispute' });
    await freeze(true);
    expect(await rename(signedIn(trader), accountId, 'Hidden')).toMatchObject({
      reason: 'ACCOUNT_FROZEN',
    });
    expect(await open(signedIn(trader), 'b')).toMatchObject({ replayed: false });
    await freeze(false);
    expect(await rename(signedIn(trader), accountId, 'Seen')).toMatchObject({ name: 'Seen' });
  });

  it('of the house is not for its owners to change', async () => {
    const desk = await server.aTrader({}, { isDesk: true });
    expect(await rename(on('house', desk, 'OWNER'), 'house', 'Casino')).toEqual({
      ...{ __typename: 'RenameAccountRefused', reason: 'NOT_A_CLIENT_ACCOUNT' },
    });
  });
});
