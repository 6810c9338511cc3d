import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeyId, trusted } from '#shared/domain/ids.ts';
import type { AccountRole, Trader } from '#shared/identity/viewer.ts';
import {
  AccountsServer,
  on,
  OPEN_ACCOUNT,
  RENAME_ACCOUNT,
  type SeededOwner,
} from './test-accounts.ts';
import { signedIn, type TestServer, viewerOf } from './test-server.ts';

const CREATE_KEY = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { secret }
} }`;
const ACCOUNTS = '{ viewer { accounts { id name kind role balances { total } } } }';
const REMOVE = `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { __typename } }`;
const REVOKE = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { __typename } }`;

let accounts: AccountsServer;
let server: TestServer;
beforeAll(async () => {
  accounts = await AccountsServer.start();
  server = accounts.server;
});
afterAll(() => accounts.stop());

const accountsOf = async (trader: SeededOwner) =>
  (await server.viewerWithAllAccounts(trader)).accounts.map(({ accountId }) => accountId);

/** Makes the trader a member of this many more accounts. */
async function join(trader: SeededOwner, count: number, role: AccountRole): Promise<void> {
  await accounts.server.sql(
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
  it('belongs to its opener: an empty client account, with an entry in the audit trail and a first member', async () => {
    const trader = await server.aTrader();
    const opened = await accounts.open(signedIn(trader), 'grid-1', '  Grid ✓ 東京  ');
    expect(opened).toMatchObject({ __typename: 'AccountOpened', name: 'Grid ✓ 東京' });
    const accountId = opened.accountId ?? '';
    expect(await accountsOf(trader)).toContain(accountId);
    const { data } = await server.subgraph.request<{ viewer: { accounts: { id: string }[] } }>(
      ...([on(accountId, trader, 'OWNER'), ACCOUNTS] as const),
    );
    expect(data.viewer.accounts.find(({ id }) => id === accountId)).toEqual({
      ...{ id: accountId, name: 'Grid ✓ 東京', kind: 'CLIENT', role: 'OWNER', balances: [] },
    });
    expect((await accounts.trailOf(trader))[0]).toBe(`ACCOUNT_OPENED ${accountId}`);
    const changes = await accounts.server.sql(
      'SELECT kind, role FROM member_changes WHERE account_id = $1',
      [accountId],
    );
    expect(changes).toEqual([{ kind: 'JOINED', role: 'OWNER' }]);
  });

  it('is opened once for each id: the same request gets the first answer, even after a new name', async () => {
    const trader = await server.aTrader();
    const first = await accounts.open(signedIn(trader), 'one');
    const accountId = first.accountId ?? '';
    await accounts.rename(on(accountId, trader, 'OWNER'), accountId, 'Other');
    expect(await accounts.open(signedIn(trader), 'one', ' Grid ')).toEqual({
      ...first,
      replayed: true,
    });
    expect(await accounts.open(signedIn(trader), 'one', 'grid')).toEqual({
      ...{ __typename: 'ClientAccountIdConflict', accountId, differingFields: ['name'] },
    });
    expect(await accountsOf(trader)).toHaveLength(2);
  });

  it('is opened once when ten requests arrive at once', async () => {
    const trader = await server.aTrader();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => accounts.open(signedIn(trader), 'twins')),
    );
    expect(new Set(answers.map(({ accountId }) => accountId)).size).toBe(1);
    expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
    expect(await accountsOf(trader)).toHaveLength(2);
  });

  it('is a different one for another user with the same id', async () => {
    const [one, other] = [await server.aTrader(), await server.aTrader()];
    const answers = [
      await accounts.open(signedIn(one), 'mine'),
      await accounts.open(signedIn(other), 'mine', 'B'),
    ];
    expect(answers.map(({ replayed }) => replayed)).toEqual([false, false]);
    expect(await accountsOf(other)).toContain(answers[1]?.accountId);
    expect(await accountsOf(other)).not.toContain(answers[0]?.accountId);
  });

  it('is one of at most 25 that a user owns, even when four requests compete for the last place', async () => {
    const trader = await server.aTrader();
    await join(trader, 23, 'OWNER');
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, number) => accounts.open(signedIn(trader), `n-${number}`)),
    );
    const refused = { __typename: 'OpenAccountRefused', reason: 'TOO_MANY_OWN_ACCOUNTS' };
    expect(answers.filter(({ reason }) => reason === undefined)).toHaveLength(1);
    expect(answers.filter(({ reason }) => reason !== undefined)).toEqual([
      ...Array.from({ length: 3 }, () => ({ ...refused, limit: 25 })),
    ]);
    expect(await accountsOf(trader)).toHaveLength(25);
    // The account that was opened is still answered.
    const number = answers.findIndex(({ reason }) => reason === undefined);
    expect(await accounts.open(signedIn(trader), `n-${number}`)).toMatchObject({ replayed: true });
  });

  it('is refused to a member of a hundred accounts; after leaving one, the same id works', async () => {
    const trader = await server.aTrader();
    await join(trader, 99, 'TRADER');
    const refused = { reason: 'TOO_MANY_ACCOUNTS', limit: 100 };
    expect(await accounts.open(signedIn(trader), 'late')).toMatchObject(refused);
    const accountId = `acc-1${trader.userId}`;
    const input = { accountId, userId: trader.userId };
    await server.ask(on(accountId, trader, 'TRADER'), REMOVE, input);
    expect(await accounts.open(signedIn(trader), 'late')).toMatchObject({ replayed: false });
  });

  it.each([
    ['23 hours', { reason: 'TOO_MANY_OPENED', limit: 50 }],
    ['25 hours', { replayed: false }],
  ])(
    'is refused to a user who opened fifty within %s, although all are closed',
    async (age, answer) => {
      const trader = await server.aTrader();
      await server.sql(
        `WITH closed AS (
        INSERT INTO accounts (id, name, kind, trading_state, closed_at, overdraft_allowed, created_at)
        SELECT 'old-' || n || $1, 'old', 'CLIENT', 'HALTED', now(), false, now()
        FROM generate_series(1, 50) n RETURNING id
      ) INSERT INTO account_openings (user_id, client_account_id, account_id, name, opened_at)
        SELECT $1, id, id, 'old', now() - $2::interval FROM closed`,
        [trader.userId, age],
      );
      expect(await accounts.open(signedIn(trader), 'next')).toMatchObject(answer);
    },
  );

  it.each([
    ['no id', { clientAccountId: '' }, 'INVALID_CLIENT_ACCOUNT_ID'],
    ['an id with a space', { clientAccountId: 'a b' }, 'INVALID_CLIENT_ACCOUNT_ID'],
    ['a long id', { clientAccountId: 'x'.repeat(65) }, 'INVALID_CLIENT_ACCOUNT_ID'],
    ['an empty name', { name: ' ' }, 'NAME_INVALID'],
    ['a long name', { name: 'x'.repeat(65) }, 'NAME_INVALID'],
    ['an invisible name', { name: '\u200b\u3164' }, 'NAME_INVALID'],
    ['a name that reverses the text beside it', { name: 'Ann \u202erenwo' }, 'NAME_INVALID'],
  ])('is not opened with %s', async (_what, change, reason) => {
    const trader = await server.aTrader();
    const input = { clientAccountId: 'id', name: 'Grid', ...change };
    expect(await server.ask(signedIn(trader), OPEN_ACCOUNT, input)).toEqual({
      ...{ __typename: 'OpenAccountRefused', reason, limit: null },
    });
    // The id was not used up.
    expect(await accounts.open(signedIn(trader), 'id')).toMatchObject({ replayed: false });
  });
});

describe('an API key', () => {
  /** The trader as the gateway sees a request with this key. */
  async function by(trader: SeededOwner, input: object): Promise<Trader> {
    const { secret } = await server.ask<{ secret: string }>(viewerOf(trader), CREATE_KEY, {
      ...{ name: 'bot', scopes: ['KEYS_WRITE'], ...input },
    });
    const keyId = trusted(parseApiKeyId, secret.split('_')[1] ?? '');
    return { ...viewerOf(trader, ['keys:write']), credential: { kind: 'apiKey', keyId } };
  }

  it('opens an account that it can then access, and none if it is restricted to accounts', async () => {
    const trader = await server.aTrader();
    const bound = await by(trader, { accountIds: [trader.accountId] });
    expect(await accounts.open(bound, 'a')).toEqual({
      ...{ __typename: 'OpenAccountRefused', reason: 'KEY_LIMITED_TO_ACCOUNTS', limit: null },
    });
    expect(await accounts.open(await by(trader, {}), 'a')).toMatchObject({ replayed: false });
    // It does not learn that the account exists either.
    expect(await accounts.open(bound, 'a')).toMatchObject({ reason: 'KEY_LIMITED_TO_ACCOUNTS' });
    expect(await accountsOf(trader)).toHaveLength(2);
  });

  it('that has ended opens and renames nothing, even with a request that was on its way', async () => {
    const trader = await server.aTrader();
    const key = await by(trader, {});
    const id = key.credential.kind === 'apiKey' ? key.credential.keyId : '';
    await server.ask(viewerOf(trader), REVOKE, { id });
    for (const [query, input] of [
      [OPEN_ACCOUNT, { clientAccountId: 'a', name: 'Grid' }],
      [RENAME_ACCOUNT, { accountId: trader.accountId, name: 'Grid' }],
    ] as const) {
      const { errors } = await server.subgraph.request(key, query, { input });
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
    expect(await accountsOf(trader)).toHaveLength(1);
  });

  it('needs keys:write', async () => {
    const reader = viewerOf(await server.aTrader(), ['account:read', 'transfer:write']);
    for (const [query, input] of [
      [OPEN_ACCOUNT, { clientAccountId: 'a', name: 'Grid' }],
      [RENAME_ACCOUNT, { accountId: 'a', name: 'Grid' }],
    ] as const) {
      const { errors } = await server.subgraph.request(reader, query, { input });
      expect(errors?.[0]?.extensions).toMatchObject({ reason: 'SCOPE_MISSING' });
    }
  });
});
