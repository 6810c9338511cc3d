import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAccountId, parseApiKeyId, trusted } from '#shared/domain/ids.ts';
import type { AccountRole, Trader } from '#shared/identity/viewer.ts';
import { signedIn, startTestServer, type TestServer, viewerOf } from './test-server.ts';

const OPEN = `mutation ($input: OpenAccountInput!) { openAccount(input: $input) {
  __typename
  ... on AccountOpened { accountId name createdAt replayed }
  ... on OpenAccountRefused { reason limit }
  ... on ClientAccountIdConflict { accountId differingFields }
} }`;
const RENAME = `mutation ($input: RenameAccountInput!) { renameAccount(input: $input) {
  __typename ... on AccountRenamed { name } ... on RenameAccountRefused { reason }
} }`;
const CREATE_KEY = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { secret }
} }`;
const ACCOUNTS = '{ viewer { accounts { id name kind role balances { total } } } }';
const TRAIL = '{ viewer { auditTrail { edges { node { action subjectId } } } } }';
const REMOVE = `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { __typename } }`;
const REVOKE = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { __typename } }`;

type Seeded = Awaited<ReturnType<TestServer['aTrader']>>;
interface Opened {
  readonly __typename: string;
  readonly accountId?: string;
  readonly name?: string;
  readonly replayed?: boolean;
  readonly reason?: string;
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

const open = (viewer: Trader, clientAccountId: string, name = 'Grid') =>
  ask<Opened>(viewer, OPEN, { clientAccountId, name });
const rename = (viewer: Trader, accountId: string, name: string) =>
  ask<Opened>(viewer, RENAME, { accountId, name });

/** The trader with a role on some account, as the gateway would tell after a second. */
function on(accountId: string, trader: Seeded, role: AccountRole): Trader {
  return signedIn(trader, { accountId: trusted(parseAccountId, accountId), role });
}

const accountsOf = async (trader: Seeded) =>
  (await server.viewerWithAllAccounts(trader)).accounts.map(({ accountId }) => accountId);

async function trailOf(trader: Seeded): Promise<readonly string[]> {
  const { data } = await server.subgraph.request<{
    viewer: { auditTrail: { edges: { node: { action: string; subjectId: string } }[] } };
  }>(signedIn(trader), TRAIL);
  return data.viewer.auditTrail.edges.map(({ node }) => `${node.action} ${node.subjectId}`);
}

/** Makes the person a member of this many more accounts. */
async function join(trader: Seeded, count: number, role: AccountRole): Promise<void> {
  await sql.query(
    `WITH others AS (
      INSERT INTO accounts (id, name, kind, overdraft_allowed, created_at)
      SELECT 'acc-' || n || $1, 'many', 'CLIENT', false, now() FROM generate_series(1, $2::int) n
      RETURNING id
    ) INSERT INTO account_members (account_id, user_id, role)
      SELECT id, $1, $3::account_role FROM others`,
    [trader.userId, count, role],
  );
}

describe('a further account', () => {
  it('is its opener’s own: empty, of a client, with an entry in the trail and a first member', async () => {
    const trader = await server.aTrader();
    const opened = await open(signedIn(trader), 'grid-1', '  Grid ✓ 東京  ');
    expect(opened).toMatchObject({ __typename: 'AccountOpened', name: 'Grid ✓ 東京' });
    const accountId = opened.accountId ?? '';
    expect(await accountsOf(trader)).toContain(accountId);
    const { data } = await server.subgraph.request<{ viewer: { accounts: { id: string }[] } }>(
      ...([on(accountId, trader, 'OWNER'), ACCOUNTS] as const),
    );
    expect(data.viewer.accounts.find(({ id }) => id === accountId)).toEqual({
      ...{ id: accountId, name: 'Grid ✓ 東京', kind: 'CLIENT', role: 'OWNER', balances: [] },
    });
    expect((await trailOf(trader))[0]).toBe(`ACCOUNT_OPENED ${accountId}`);
    const changes = await sql.query('SELECT kind, role FROM member_changes WHERE account_id = $1', [
      accountId,
    ]);
    expect(changes.rows).toEqual([{ kind: 'JOINED', role: 'OWNER' }]);
  });

  it('is opened once for each id: again with the name is the first answer, also after a new name', async () => {
    const trader = await server.aTrader();
    const first = await open(signedIn(trader), 'one');
    const accountId = first.accountId ?? '';
    await rename(on(accountId, trader, 'OWNER'), accountId, 'Other');
    expect(await open(signedIn(trader), 'one', ' Grid ')).toEqual({ ...first, replayed: true });
    expect(await open(signedIn(trader), 'one', 'grid')).toEqual({
      ...{ __typename: 'ClientAccountIdConflict', accountId, differingFields: ['name'] },
    });
    expect(await accountsOf(trader)).toHaveLength(2);
  });

  it('is one where ten ask for it at once', async () => {
    const trader = await server.aTrader();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => open(signedIn(trader), 'twins')),
    );
    expect(new Set(answers.map(({ accountId }) => accountId)).size).toBe(1);
    expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
    expect(await accountsOf(trader)).toHaveLength(2);
  });

  it('is another one for another person with the same id', async () => {
    const [one, other] = [await server.aTrader(), await server.aTrader()];
    const answers = [await open(signedIn(one), 'mine'), await open(signedIn(other), 'mine', 'B')];
    expect(answers.map(({ replayed }) => replayed)).toEqual([false, false]);
    expect(await accountsOf(other)).toContain(answers[1]?.accountId);
    expect(await accountsOf(other)).not.toContain(answers[0]?.accountId);
  });

  it('is one of 25 at most that a person owns, also when four ask for the last place at once', async () => {
    const trader = await server.aTrader();
    await join(trader, 23, 'OWNER');
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, number) => open(signedIn(trader), `n-${number}`)),
    );
    const refused = { __typename: 'OpenAccountRefused', reason: 'TOO_MANY_OWN_ACCOUNTS' };
    expect(answers.filter(({ reason }) => reason === undefined)).toHaveLength(1);
    expect(answers.filter(({ reason }) => reason !== undefined)).toEqual([
      ...Array.from({ length: 3 }, () => ({ ...refused, limit: 25 })),
    ]);
    expect(await accountsOf(trader)).toHaveLength(25);
    // What was opened is answered all the same.
    const number = answers.findIndex(({ reason }) => reason === undefined);
    expect(await open(signedIn(trader), `n-${number}`)).toMatchObject({ replayed: true });
  });

  it('finds a person on a hundred accounts at most; who leaves one may send the id again', async () => {
    const trader = await server.aTrader();
    await join(trader, 99, 'TRADER');
    const refused = { reason: 'TOO_MANY_ACCOUNTS', limit: 100 };
    expect(await open(signedIn(trader), 'late')).toMatchObject(refused);
    const accountId = `acc-1${trader.userId}`;
    const input = { accountId, userId: trader.userId };
    await ask(on(accountId, trader, 'TRADER'), REMOVE, input);
    expect(await open(signedIn(trader), 'late')).toMatchObject({ replayed: false });
  });

  it.each([
    ['no id', { clientAccountId: '' }, 'INVALID_CLIENT_ACCOUNT_ID'],
    ['an id with a space', { clientAccountId: 'a b' }, 'INVALID_CLIENT_ACCOUNT_ID'],
    ['a long id', { clientAccountId: 'x'.repeat(65) }, 'INVALID_CLIENT_ACCOUNT_ID'],
    ['an empty name', { name: ' ' }, 'NAME_INVALID'],
    ['a long name', { name: 'x'.repeat(65) }, 'NAME_INVALID'],
    ['a name of which nothing is seen', { name: '\u200b\u3164' }, 'NAME_INVALID'],
    ['a name that turns what is beside it', { name: 'Ann \u202erenwo' }, 'NAME_INVALID'],
  ])('is not opened with %s', async (_what, change, reason) => {
    const trader = await server.aTrader();
    const input = { clientAccountId: 'id', name: 'Grid', ...change };
    expect(await ask(signedIn(trader), OPEN, input)).toEqual({
      ...{ __typename: 'OpenAccountRefused', reason, limit: null },
    });
    // The id was not used up.
    expect(await open(signedIn(trader), 'id')).toMatchObject({ replayed: false });
  });
});

describe('an API key', () => {
  /** The trader as the gateway tells of them who shows this key. */
  async function by(trader: Seeded, input: object): Promise<Trader> {
    const { secret } = await ask<{ secret: string }>(viewerOf(trader), CREATE_KEY, {
      ...{ name: 'bot', scopes: ['KEYS_WRITE'], ...input },
    });
    const keyId = trusted(parseApiKeyId, secret.split('_')[1] ?? '');
    return { ...viewerOf(trader, ['keys:write']), credential: { kind: 'apiKey', keyId } };
  }

  it('opens an account that it may touch, and none when it is bound to some', async () => {
    const trader = await server.aTrader();
    const bound = await by(trader, { accountIds: [trader.accountId] });
    expect(await open(bound, 'a')).toEqual({
      ...{ __typename: 'OpenAccountRefused', reason: 'KEY_LIMITED_TO_ACCOUNTS', limit: null },
    });
    expect(await open(await by(trader, {}), 'a')).toMatchObject({ replayed: false });
    // Nor does it learn of one that exists.
    expect(await open(bound, 'a')).toMatchObject({ reason: 'KEY_LIMITED_TO_ACCOUNTS' });
    expect(await accountsOf(trader)).toHaveLength(2);
  });

  it('that has ended opens and names nothing, even by a request that was on its way', async () => {
    const trader = await server.aTrader();
    const key = await by(trader, {});
    const id = key.credential.kind === 'apiKey' ? key.credential.keyId : '';
    await ask(viewerOf(trader), REVOKE, { id });
    for (const [query, input] of [
      [OPEN, { clientAccountId: 'a', name: 'Grid' }],
      [RENAME, { accountId: trader.accountId, name: 'Grid' }],
    ] as const) {
      const { errors } = await server.subgraph.request(key, query, { input });
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
    expect(await accountsOf(trader)).toHaveLength(1);
  });

  it('needs the right to manage credentials', async () => {
    const reader = viewerOf(await server.aTrader(), ['account:read', 'transfer:write']);
    for (const [query, input] of [
      [OPEN, { clientAccountId: 'a', name: 'Grid' }],
      [RENAME, { accountId: 'a', name: 'Grid' }],
    ] as const) {
      const { errors } = await server.subgraph.request(reader, query, { input });
      expect(errors?.[0]?.extensions).toMatchObject({ reason: 'SCOPE_MISSING' });
    }
  });
});
