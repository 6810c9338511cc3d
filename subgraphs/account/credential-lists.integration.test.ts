import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeyId, parseSessionId, trusted } from '#shared/domain/ids.ts';
import type { Trader, Viewer } from '#shared/identity/viewer.ts';
import { verdictOn } from './test-credentials.ts';
import { startTestServer, TEST_PASSWORD, type TestServer, viewerOf } from './test-server.ts';

// Anyone who holds a stolen credential can make keys: the owner has to find all of them, and to end them for good.
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { apiKey { id } } ... on ApiKeyRefused { reason }
} }`;
const ROTATE = `mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) {
  ... on ApiKeyRotated { apiKey { id } } ... on ApiKeyRefused { reason }
} }`;
const REVOKE = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { __typename } }`;
const KEYS = '{ viewer { apiKeys { id revokedAt } } }';
const HISTORY = `query ($first: Int, $after: String) { viewer {
  apiKeyHistory(first: $first, after: $after) {
    edges { node { id createdAt } } pageInfo { hasNextPage endCursor }
  }
} }`;
const TYPES = { withdraw: 'WithdrawInput', transfer: 'TransferInput', deposit: 'DepositInput' };

interface Key {
  readonly id: string;
  readonly revokedAt: string | null;
}
interface History {
  readonly viewer: {
    readonly apiKeyHistory: {
      readonly edges: readonly { readonly node: { readonly id: string } }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
}
type Seeded = Awaited<ReturnType<TestServer['aTrader']>>;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Makes keys as nobody could in a test's time; those up to `ended` have ended. */
async function makeKeys(trader: Seeded, count: number, ended: number): Promise<void> {
  await server.sql(
    `INSERT INTO api_keys (id, user_id, name, secret_hash, scopes, touches_all_accounts,
        account_ids, ip_allow_list, created_at, revoked_at)
      SELECT $1 || n, $1, 'many', '', '{}', true, '{}', '{}',
        now() + n * interval '1 s', CASE WHEN n <= $3 THEN now() END
      FROM generate_series(1, $2) n`,
    [trader.userId, count, ended],
  );
}

async function create(viewer: Trader) {
  const input = { name: 'bot', scopes: ['KEYS_WRITE'] };
  const { data, errors } = await server.subgraph.request<{
    createApiKey: { readonly apiKey?: Key; readonly reason?: string };
  } | null>(viewer, CREATE, { input });
  return { ...data?.createApiKey, code: errors?.[0]?.extensions.code };
}

async function historyOf(trader: Seeded, after: string | null): Promise<History> {
  const variables = { first: 250, after };
  return (await server.subgraph.request<History>(viewerOf(trader), HISTORY, variables)).data;
}

describe('the keys of a person', () => {
  it('are listed in a bounded list, however many there are, the valid ones first', async () => {
    const trader = await server.aTrader();
    await makeKeys(trader, 20_000, 19_960);
    const { data } = await server.subgraph.request<{ viewer: { apiKeys: readonly Key[] } }>(
      viewerOf(trader),
      KEYS,
    );
    const { apiKeys } = data.viewer;
    expect(apiKeys).toHaveLength(100);
    expect(apiKeys.slice(0, 41).map(({ revokedAt }) => revokedAt)).toEqual(Array(41).fill(null));
    expect(apiKeys[0]?.id).toBe(`${trader.userId}20000`);
    expect(apiKeys[41]?.id).toBe(`${trader.userId}19960`);
  });

  it('are all found in pages, whose cursors are good for no other list', async () => {
    const [trader, other] = [await server.aTrader(), await server.aTrader()];
    await makeKeys(trader, 300, 300);
    const first = (await historyOf(trader, null)).viewer.apiKeyHistory;
    const second = (await historyOf(trader, first.pageInfo.endCursor)).viewer.apiKeyHistory;
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
    const ids = [...first.edges, ...second.edges].map(({ node }) => node.id);
    expect(new Set(ids).size).toBe(301);
    expect(ids.at(-1)).toBe(trader.apiKey.split('_')[1]);
    const after = first.pageInfo.endCursor;
    const ledger = `query ($after: String) { viewer {
      accounts { ledgerEntries(after: $after) { edges { cursor } } }
      auditTrail(after: $after) { edges { cursor } }
      sessionHistory(after: $after) { edges { cursor } }
    } }`;
    for (const [query, viewer] of [
      [HISTORY, viewerOf(other)],
      [ledger, viewerOf(trader)],
    ] as const) {
      const { errors = [] } = await server.subgraph.request(viewer, query, { after });
      expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(
        new Set(['BAD_USER_INPUT']),
      );
    }
  });

  it.each(['5.\0', '5.\u00e9', '5.', '.x', `5.${'x'.repeat(65)}`])(
    'are in no page behind %j, which no cursor of ours holds',
    async (place) => {
      const trader = await server.aTrader();
      const after = Buffer.from(`apiKeys/${trader.userId}/${place}`).toString('base64url');
      const { errors } = await server.subgraph.request(viewerOf(trader), HISTORY, { after });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    },
  );

  it('are a hundred valid ones at most, also when the last two are made at once', async () => {
    const trader = await server.aTrader();
    await makeKeys(trader, 150, 52); // with the first one 99 are valid
    const both = await Promise.all([create(viewerOf(trader)), create(viewerOf(trader))]);
    expect(both.map(({ reason = 'made' }) => reason).sort()).toEqual(['TOO_MANY_KEYS', 'made']);
    const id = both.find(({ apiKey }) => apiKey !== undefined)?.apiKey?.id;
    await server.subgraph.request(viewerOf(trader), REVOKE, { input: { id } });
    expect((await create(viewerOf(trader))).apiKey).toBeDefined();
  });
});

describe('a key that has ended', () => {
  it('makes no key and gives none a new secret, by a request that was on its way', async () => {
    const trader = await server.aTrader();
    const made = (await create(viewerOf(trader))).apiKey?.id ?? '';
    const keyId = trusted(parseApiKeyId, made);
    const byMade: Trader = {
      ...viewerOf(trader, ['keys:write']),
      credential: { kind: 'apiKey', keyId },
    };
    const other = (await create(byMade)).apiKey?.id;
    await server.subgraph.request(viewerOf(trader), REVOKE, { input: { id: made } });
    expect(await create(byMade)).toEqual({ code: 'UNAUTHENTICATED' });
    const rotated = await server.subgraph.request(byMade, ROTATE, { input: { id: other } });
    expect(rotated.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    const rows = await server.sql(
      'SELECT id FROM api_keys WHERE user_id = $1 AND (created_at > now() OR previous_secret_hash IS NOT NULL)',
      [trader.userId],
    );
    expect(rows).toEqual([]);
  });

  it.each(['withdraw', 'transfer', 'deposit'] as const)('moves no money by a %s', async (kind) => {
    const trader = await server.aTrader({ USDT: '10' }, { moreAccounts: 1 });
    const viewer = await server.viewerWithAllAccounts(trader);
    const [first, second] = viewer.accounts.map(({ accountId }) => accountId);
    await server.subgraph.request(viewer, REVOKE, { input: { id: trader.apiKey.split('_')[1] } });
    const movement = { transferId: 'late', asset: 'USDT', amount: '1' };
    const ends =
      kind === 'transfer'
        ? { fromAccountId: first, toAccountId: second }
        : { accountId: trader.accountId };
    const { errors } = await server.subgraph.request(
      viewer,
      `mutation ($input: ${TYPES[kind]}!) { ${kind}(input: $input) { __typename } }`,
      { input: { ...movement, ...ends } },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('a role that has ended since the request was made', () => {
  it.each(['withdraw', 'transfer', 'deposit'] as const)('moves no money by a %s', async (kind) => {
    const [owner, former] = [await server.aTrader({ USDT: '5' }), await server.aTrader()];
    const query = `mutation ($input: ${TYPES[kind]}!) { ${kind}(input: $input) { __typename } }`;
    const ends =
      kind === 'transfer'
        ? { fromAccountId: owner.accountId, toAccountId: former.accountId }
        : { accountId: owner.accountId };
    const accounts = [
      ...viewerOf(former).accounts,
      { accountId: owner.accountId, role: 'OWNER' as const },
    ];
    const input = { transferId: 'late', asset: 'USDT', amount: '1', ...ends };
    const { data } = await server.subgraph.request({ ...viewerOf(former), accounts }, query, {
      input,
    });
    expect(data).toEqual({ [kind]: { __typename: 'AccountNotFound' } });
  });
});

describe('a user whose credentials were stolen', () => {
  const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
    ... on SignedIn { accessToken session { id } } ... on SignInRefused { reason }
  } }`;
  const END_ALL = 'mutation { signOutEverywhere { endedSessions } }';
  const END = `mutation ($input: EndSessionInput!) { endSession(input: $input) { __typename } }`;
  const NOBODY: Viewer = { kind: 'anonymous', scopes: [] };

  interface SignedIn {
    readonly accessToken: string;
    readonly session: { readonly id: string };
  }

  /** A user, how they sign in, and a stolen session and key. */
  async function aRobbedUser() {
    const trader = await server.aTrader();
    const signIn = (input: object = {}) =>
      server.ask<SignedIn>(NOBODY, SIGN_IN, {
        ...{ email: trader.email, password: TEST_PASSWORD, ...input },
      });
    const { accessToken, session } = await signIn();
    const sessionId = trusted(parseSessionId, session.id);
    const bySession: Trader = { ...viewerOf(trader), credential: { kind: 'session', sessionId } };
    return { trader, signIn, accessToken, bySession, byKey: viewerOf(trader) };
  }

  it('ends all of them by signing in, whatever the thief does at that moment', async () => {
    const { trader, signIn, accessToken, bySession, byKey } = await aRobbedUser();
    const thief = [bySession, byKey].flatMap((viewer) =>
      Array.from({ length: 10 }, async () => {
        await create(viewer);
        await server.subgraph.request(viewer, END_ALL);
      }),
    );
    const mine = await signIn({ endOthers: true });
    await Promise.all(thief);
    const isGood = async (credential: object) =>
      (await verdictOn(server, credential)).principal !== null;
    expect(await isGood({ accessToken: mine.accessToken })).toBe(true);
    expect(await isGood({ accessToken })).toBe(false);
    expect((await verdictOn(server, { apiKey: trader.apiKey })).reason).toBe('KEY_REVOKED');
    const rows = await server.sql(
      'SELECT id FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL',
      [trader.userId],
    );
    expect(rows).toEqual([]);
    // What was on its way ends nothing any more.
    for (const viewer of [bySession, byKey])
      for (const query of [END_ALL, END]) {
        const { errors } = await server.subgraph.request(viewer, query, {
          input: { id: mine.session.id },
        });
        expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      }
    expect(await isGood({ accessToken: mine.accessToken })).toBe(true);
  });

  it('keeps the addresses that what they had would remove', async () => {
    const { trader, signIn, bySession } = await aRobbedUser();
    await server.sql(
      `INSERT INTO withdrawal_addresses (id, user_id, asset_code, address, label, added_at, usable_from)
       VALUES ('adr-mine', $1, 'USDT', 'TXk1', 'Cold wallet', now(), now())`,
      [trader.userId],
    );
    await signIn({ endOthers: true });
    const remove = 'mutation { removeWithdrawalAddress(input: { id: "adr-mine" }) { __typename } }';
    const { errors } = await server.subgraph.request(bySession, remove);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    const rows = await server.sql(
      'SELECT removed_at FROM withdrawal_addresses WHERE user_id = $1',
      [trader.userId],
    );
    expect(rows).toEqual([{ removed_at: null }]);
  });

  it('finds what ended in the trail, and ends nothing by a sign-in that is refused', async () => {
    const { trader, signIn, accessToken } = await aRobbedUser();
    expect(await signIn({ endOthers: true, password: 'a guess' })).toMatchObject({
      reason: 'CREDENTIALS_INVALID',
    });
    expect((await verdictOn(server, { accessToken })).principal).not.toBeNull();
    const { session } = await signIn({ endOthers: true });
    const rows = await server.sql(
      `SELECT action::text, subject_id FROM audit_entries
       WHERE user_id = $1 AND session_id = $2 ORDER BY sequence`,
      [trader.userId, session.id],
    );
    expect(rows).toEqual([
      { action: 'SIGNED_IN', subject_id: session.id },
      { action: 'ALL_SESSIONS_ENDED', subject_id: null },
      { action: 'API_KEY_REVOKED', subject_id: trader.apiKey.split('_')[1] },
    ]);
  });
});
