import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '#shared/identity/viewer.ts';
import { GATEWAY, signedIn, startTestServer, type TestServer, viewerOf } from './test-server.ts';

const CREATE = `mutation { createApiKey(input: { name: "bot", scopes: [] }) { __typename } }`;
const CREATE_FOR = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename } }`;
const REVOKE = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { __typename } }`;
const END = `mutation ($input: EndSessionInput!) { endSession(input: $input) { __typename } }`;
const END_ALL = 'mutation { signOutEverywhere { __typename } }';
const DEPOSIT = `mutation ($input: DepositInput!) { deposit(input: $input) { __typename } }`;
const WITHDRAW = `mutation ($input: WithdrawInput!) { withdraw(input: $input) { __typename } }`;
const AUTHENTICATE = `query ($credential: CredentialInput!) { authenticate(credential: $credential) {
  principal { userId }
} }`;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }`;
const NOBODY: Viewer = { kind: 'anonymous', scopes: [] };
const PASSWORD = 'correct horse battery';
/** More than may wait, and far more than there are connections. */
const CHANGES = 100;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('readers of accounts who take long', () => {
  it('keep nobody else from being known, making a key, or withdrawing', async () => {
    const [reader, other] = [await server.aTrader(), await server.aTrader({ USDT: '5' })];
    const { accountId, userId, apiKey } = other;
    // What they read is locked, so that each takes as long as a statement may.
    await server.sql('BEGIN');
    await server.sql('LOCK TABLE balance_events IN ACCESS EXCLUSIVE MODE');
    const past =
      'query ($id: ID!, $at: DateTime) { account(id: $id) { balances(at: $at) { total } } }';
    const variables = { id: reader.accountId, at: '2026-01-01T00:00:00Z' };
    const readers = Array.from({ length: CHANGES }, () =>
      server.subgraph.request(viewerOf(reader), past, variables),
    );
    const known = await server.subgraph.request(GATEWAY, AUTHENTICATE, { credential: { apiKey } });
    expect(known.data).toEqual({ authenticate: { principal: { userId } } });
    const input = { name: 'bot', scopes: [], accountIds: [accountId] };
    const { data } = await server.subgraph.request(viewerOf(other), CREATE_FOR, { input });
    expect(data).toEqual({ createApiKey: { __typename: 'ApiKeyCreated' } });
    const out = { transferId: 'out', accountId, asset: 'USDT', amount: '1' };
    const refused = await server.subgraph.request(viewerOf(other), WITHDRAW, {
      input: { ...out, amount: '9' },
    });
    expect(refused.data).toEqual({ withdraw: { __typename: 'TransferRefused' } });
    await server.sql('ROLLBACK');
    await Promise.all(readers);
  });
});

describe('a person who makes very many changes at once', () => {
  it('keeps nobody else waiting, is refused some of them, and can end a credential and sign in all the same', async () => {
    const [busy, other] = [
      await server.aTrader({}, { password: PASSWORD }),
      await server.aTrader(),
    ];
    // Each change takes as long as this lock.
    await server.sql('BEGIN');
    await server.sql('SELECT id FROM users WHERE id = $1 FOR UPDATE', [busy.userId]);
    const codes: unknown[] = [];
    const refusals: unknown[] = [];
    const changes = Array.from({ length: CHANGES }, async () => {
      const { errors } = await server.subgraph.request(viewerOf(busy), CREATE);
      const extensions = errors?.[0]?.extensions;
      codes.push(extensions?.code);
      if (extensions?.code === 'RATE_LIMITED') refusals.push(extensions);
    });
    await expect.poll(() => codes).toContain('RATE_LIMITED');
    expect(refusals[0]).toMatchObject({ outcome: 'NOT_APPLIED', retryable: true });

    for (const { accountId } of [other, busy]) {
      const input = { transferId: `in-${accountId}`, accountId, asset: 'USDT', amount: '1' };
      const viewer = accountId === busy.accountId ? viewerOf(busy) : viewerOf(other);
      const { data } = await server.subgraph.request(viewer, DEPOSIT, { input });
      expect(data).toEqual({ deposit: { __typename: 'TransferApplied' } });
    }
    const known = await server.subgraph.request(GATEWAY, AUTHENTICATE, {
      credential: { apiKey: other.apiKey },
    });
    expect(known.data).toEqual({ authenticate: { principal: { userId: other.userId } } });

    const signInInput = { email: busy.email, password: PASSWORD };
    const signingIn = server.subgraph.request(NOBODY, SIGN_IN, { input: signInInput });
    const input = { id: busy.apiKey.split('_')[1] };
    const ending = server.subgraph.request(viewerOf(busy), REVOKE, { input });
    await server.sql('ROLLBACK');
    expect((await ending).data).toEqual({ revokeApiKey: { __typename: 'ApiKeyRevoked' } });
    expect((await signingIn).data).toEqual({ signIn: { __typename: 'SignedIn' } });
    await Promise.all(changes);
  });
});

type Seeded = Awaited<ReturnType<TestServer['aTrader']>>;

/** What leaves more in the store each time: the action, how often a day, the mutation, and its input. */
const COUNTED: readonly (readonly [string, number, string, (trader: Seeded) => object])[] = [
  ['API_KEY_CREATED', 1000, 'createApiKey', () => ({ name: 'bot', scopes: [] })],
  ['API_KEY_ROTATED', 1000, 'rotateApiKey', keyOf],
  ['API_KEY_UPDATED', 1000, 'updateApiKey', (trader) => ({ ...keyOf(trader), name: 'grid' })],
  ['ACCOUNT_RENAMED', 1000, 'renameAccount', ({ accountId }) => ({ accountId, name: 'grid' })],
  [
    ...(['MEMBER_INVITED', 1000, 'inviteToAccount'] as const),
    ({ accountId }) => ({ accountId, role: 'VIEWER' }),
  ],
  [
    ...(['WITHDRAWAL_ADDRESS_ADDED', 1000, 'addWithdrawalAddress'] as const),
    () => ({ asset: 'USDT', address: 'TXk1', label: 'Cold wallet' }),
  ],
  [
    ...(['WITHDRAWAL_REQUESTED', 10_000, 'withdraw'] as const),
    ({ accountId }) => ({ transferId: 'out', accountId, asset: 'USDT', amount: '1' }),
  ],
];

function keyOf({ apiKey }: Seeded) {
  return { id: apiKey.split('_')[1] };
}

describe('a user who does one thing over and over', () => {
  /** Whether it is recorded once more if it was done as often as this, so long ago, by a key or signed in. */
  async function isDone(
    [action, , mutation, inputOf]: (typeof COUNTED)[number],
    past: { readonly count: number; readonly age: string; readonly byKey: boolean },
  ) {
    const trader = await server.aTrader();
    await server.sql(
      `INSERT INTO audit_entries
         (user_id, sequence, action, api_key_id, session_id, previous_hash, hash, at)
       SELECT $1, 10 + n, $2::audit_action, CASE WHEN $5::boolean THEN 'key' END,
         CASE WHEN NOT $5::boolean THEN 'ses' END, '', '', now() - $4::interval
       FROM generate_series(1, $3::int) n`,
      [trader.userId, action, past.count, past.age, past.byKey],
    );
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`;
    const { errors } = await server.subgraph.request(signedIn(trader), query, {
      input: inputOf(trader),
    });
    if (errors === undefined) return true;
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    // Half an hour, or a little less.
    const { retryAfterMs } = errors[0]?.extensions as { readonly retryAfterMs?: number };
    expect([0, 1_800_000].map((limit) => Math.sign(limit - (retryAfterMs ?? 0)))).toEqual([-1, 1]);
    return false;
  }

  it.each(COUNTED)('does it (%s) at most %i times in a day', async (...counted) => {
    const count = counted[1];
    expect(await isDone(counted, { count, age: '23.5 hours', byKey: false })).toBe(false);
    expect(await isDone(counted, { count: count - 2, age: '23.5 hours', byKey: false })).toBe(true);
    expect(await isDone(counted, { count, age: '24.5 hours', byKey: false })).toBe(true);
    // What was done by their keys is counted apart.
    expect(await isDone(counted, { count, age: '23.5 hours', byKey: true })).toBe(true);
  });

  it.each([
    ['is not done more often while the clock is set back', '1 hour', 'RATE_LIMITED'],
    ['is done once the clock is right that was days ahead', '25 hours', undefined],
  ])('%s', async (_case, ahead, code) => {
    const trader = await server.aTrader();
    // What is done then is recorded at the time of the last entry before it was set back.
    await server.sql(
      `INSERT INTO audit_entries (user_id, sequence, action, session_id, previous_hash, hash, at)
       SELECT $1, 10 + n, 'ACCOUNT_RENAMED', 'ses', '', '', now() + $2::interval
       FROM generate_series(1, 999) n`,
      [trader.userId, ahead],
    );
    const query = `mutation ($input: RenameAccountInput!) {
      renameAccount(input: $input) { __typename }
    }`;
    const rename = async (name: string) => {
      const input = { accountId: trader.accountId, name };
      const { errors } = await server.subgraph.request(signedIn(trader), query, { input });
      return errors?.[0]?.extensions.code;
    };
    expect(await rename('a')).toBeUndefined();
    expect(await rename('b')).toBe(code);
  });
});

it('a withdrawal that is repeated on the day of its bound gets its first answer, and no other entry', async () => {
  const trader = await server.aTrader({ USDT: '5' });
  const query = `mutation ($input: WithdrawInput!) { withdraw(input: $input) {
    ... on TransferApplied { replayed } ... on TransferIdConflict { differingFields }
  } }`;
  const withdraw = async (transferId: string, amount: string) => {
    const input = { transferId, accountId: trader.accountId, asset: 'USDT', amount };
    const { data, errors } = await server.subgraph.request(signedIn(trader), query, { input });
    return errors?.[0]?.extensions.code ?? data;
  };
  expect(await withdraw('out', '1')).toEqual({ withdraw: { replayed: false } });
  await server.sql(
    `INSERT INTO audit_entries (user_id, sequence, action, session_id, previous_hash, hash, at)
     SELECT $1, 10 + n, 'WITHDRAWAL_REQUESTED', 'ses', '', '', now()
     FROM generate_series(1, 10000) n`,
    [trader.userId],
  );
  expect(await withdraw('new', '1')).toBe('RATE_LIMITED');
  expect(await withdraw('out', '1')).toEqual({ withdraw: { replayed: true } });
  expect(await withdraw('out', '2')).toEqual({ withdraw: { differingFields: ['amount'] } });
  const [last] = await server.sql(
    'SELECT max(sequence)::int AS sequence FROM audit_entries WHERE user_id = $1',
    [trader.userId],
  );
  expect(last).toEqual({ sequence: 10_010 });
});

describe('a thief with a key who keeps its user busy', () => {
  it('hides no guess at the password', async () => {
    const trader = await server.aTrader({}, { password: PASSWORD });
    await server.sql('BEGIN');
    await server.sql('SELECT id FROM users WHERE id = $1 FOR UPDATE', [trader.userId]);
    const codes: unknown[] = [];
    const changes = Array.from({ length: CHANGES }, async () => {
      const { errors } = await server.subgraph.request(viewerOf(trader), CREATE);
      codes.push(errors?.[0]?.extensions.code);
    });
    await expect.poll(() => codes).toContain('RATE_LIMITED');
    const input = { email: trader.email, password: 'a guess' };
    const guess = await server.subgraph.request(NOBODY, SIGN_IN, { input });
    expect(guess.data).toEqual({ signIn: { __typename: 'SignInRefused' } });
    await server.sql('ROLLBACK');
    await Promise.all(changes);
    // It is recorded beside the answer.
    const recorded = () =>
      server.sql(
        "SELECT sequence FROM audit_entries WHERE user_id = $1 AND action = 'SIGN_IN_FAILED'",
        [trader.userId],
      );
    await expect.poll(recorded).toHaveLength(1);
  });
});

describe('a key that ends nothing, over and over', () => {
  it('adds nothing to the trail', async () => {
    const trader = await server.aTrader();
    const entries = () =>
      server.sql('SELECT sequence FROM audit_entries WHERE user_id = $1', [trader.userId]);
    const before = await entries();
    for (const query of [END_ALL, END])
      await server.subgraph.request(viewerOf(trader), query, { input: { id: 'ses-none' } });
    expect(await entries()).toEqual(before);
  });
});
