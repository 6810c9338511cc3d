import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '#shared/identity/viewer.ts';
import { TEST_ORIGIN } from '#shared/subgraph/test-subgraph.ts';
import { startTestServer, type TestServer, viewerOf } from './test-server.ts';

const NOBODY: Viewer = { kind: 'anonymous', scopes: ['market:read'] };
const TRAIL = `query ($from: DateTime, $to: DateTime, $first: Int, $after: String) { viewer { id auditTrail(
  from: $from, to: $to, first: $first, after: $after
) {
  edges { cursor node {
    sequence action at apiKeyId sessionId subjectId address userAgent previousHash hash
  } }
  pageInfo { hasNextPage endCursor }
} } }`;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignedIn { refreshToken session { id } } ... on SignInRefused { reason }
} }`;
const REFRESH = `mutation ($input: RefreshSessionInput!) {
  refreshSession(input: $input) { ... on SignedIn { refreshToken } ... on RefreshRefused { reason } }
}`;
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { secret apiKey { id } }
} }`;

interface Entry {
  readonly sequence: string;
  readonly action: string;
  readonly at: string;
  readonly apiKeyId: string | null;
  readonly sessionId: string | null;
  readonly subjectId: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly previousHash: string;
  readonly hash: string;
}
interface Trail {
  readonly viewer: {
    readonly id: string;
    readonly auditTrail: {
      readonly edges: readonly { readonly node: Entry }[];
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

type Page = Trail['viewer']['auditTrail'];

async function pageOf(
  trader: Seeded,
  first: number,
  after: string | null,
  period: { from?: string | null; to?: string | null } = {},
): Promise<Page> {
  const variables = { first, after, ...period };
  const { data } = await server.subgraph.request<Trail>(viewerOf(trader), TRAIL, variables);
  return data.viewer.auditTrail;
}

/** The whole trail, oldest first, read in pages. */
async function trailOf(trader: Seeded, first = 250): Promise<readonly Entry[]> {
  const pages = [await pageOf(trader, first, null)];
  for (let last = pages.at(-1); last?.pageInfo.hasNextPage === true; last = pages.at(-1))
    pages.push(await pageOf(trader, first, last.pageInfo.endCursor));
  return pages.flatMap(({ edges }) => edges.map(({ node }) => node)).reverse();
}

/** The hash of an entry, by the words of the schema. */
function hashOf(userId: string, entry: Entry): string {
  const { previousHash, sequence, action, at, apiKeyId, sessionId, subjectId } = entry;
  const lines = [previousHash, userId, sequence, action, at, apiKeyId, sessionId, subjectId];
  const text = [...lines, entry.address, entry.userAgent].map((line) => line ?? '').join('\n');
  return createHash('sha256').update(text).digest('hex');
}

function expectUnbroken(userId: string, trail: readonly Entry[]): void {
  let previous = '0'.repeat(64);
  for (const [at, entry] of trail.entries()) {
    expect(entry.sequence).toBe(`${at + 1}`);
    expect(entry.previousHash).toBe(previous);
    expect(entry.hash).toBe(hashOf(userId, entry));
    previous = entry.hash;
  }
}

const create = async (trader: Seeded) =>
  (
    await server.subgraph.request<{
      createApiKey: { secret: string; apiKey: { id: string } };
    }>(viewerOf(trader), CREATE, { input: { name: 'bot', scopes: [] } })
  ).data.createApiKey;

describe('the audit trail', () => {
  it('says what was done, with what and from where, and tells no secret', async () => {
    const trader = await server.aTrader({ USDT: '10' }, { password: 'open sesame' });
    const viewer = viewerOf(trader);
    const keyId = trader.apiKey.split('_')[1];
    const signIn = async (password: string) =>
      (
        await server.subgraph.request<{
          signIn: { refreshToken: string; session: { id: string } };
        }>(NOBODY, SIGN_IN, { input: { email: trader.email, password } })
      ).data.signIn;
    await signIn('a wrong password');
    await expect.poll(async () => (await trailOf(trader)).at(-1)?.action).toBe('SIGN_IN_FAILED');
    const { refreshToken, session } = await signIn('open sesame');
    const refresh = () => server.subgraph.request(NOBODY, REFRESH, { input: { refreshToken } });
    const secrets = [refreshToken, JSON.stringify((await refresh()).data).split('"')[5] ?? ''];
    await refresh();
    const { secret, apiKey } = await create(trader);
    for (const query of [
      `rotateApiKey(input: { id: "${apiKey.id}" })`,
      `revokeApiKey(input: { id: "${apiKey.id}" })`,
      `revokeApiKey(input: { id: "${apiKey.id}" })`,
      'withdraw(input: { transferId: "out-1", accountId: "x", asset: "USDT", amount: "1" })',
    ])
      await server.subgraph.request(viewer, `mutation { ${query} { __typename } }`);
    const later = await signIn('open sesame');
    // The second time ends nothing.
    for (let times = 0; times < 2; times += 1)
      await server.subgraph.request(viewer, 'mutation { signOutEverywhere { endedSessions } }');

    const trail = await trailOf(trader, 3);
    const byKey = { apiKeyId: keyId, sessionId: null, ...TEST_ORIGIN };
    const bySession = { apiKeyId: null, sessionId: session.id, ...TEST_ORIGIN };
    expect(trail).toMatchObject([
      { action: 'API_KEY_CREATED', subjectId: keyId, apiKeyId: null, address: null },
      { action: 'SIGN_IN_FAILED', apiKeyId: null, sessionId: null, ...TEST_ORIGIN },
      { action: 'SIGNED_IN', subjectId: session.id, ...bySession },
      { action: 'REFRESH_TOKEN_REUSED', subjectId: session.id, ...bySession },
      { action: 'API_KEY_CREATED', subjectId: apiKey.id, ...byKey },
      { action: 'API_KEY_ROTATED', subjectId: apiKey.id, ...byKey },
      { action: 'API_KEY_REVOKED', subjectId: apiKey.id, ...byKey },
      { action: 'WITHDRAWAL_REQUESTED', subjectId: 'out-1', ...byKey },
      { action: 'SIGNED_IN', subjectId: later.session.id },
      { action: 'ALL_SESSIONS_ENDED', subjectId: null, ...byKey },
    ]);
    expectUnbroken(trader.userId, trail);
    for (const text of [...secrets, secret, trader.apiKey, 'open sesame', 'a wrong password'])
      expect(JSON.stringify(trail)).not.toContain(text);
  });

  it('is one chain, also when twenty things are done at once', async () => {
    const trader = await server.aTrader();
    await Promise.all(Array.from({ length: 20 }, () => create(trader)));
    const trail = await trailOf(trader, 7);
    expect(trail).toHaveLength(21);
    expectUnbroken(trader.userId, trail);
  });

  it('of a period has what was done from its beginning and before its end, page by page', async () => {
    const trader = await server.aTrader();
    for (let count = 0; count < 4; count += 1) await create(trader);
    const all = (await trailOf(trader)).toReversed();
    const times = [
      null,
      ...all.map(({ at }) => at),
      '0001-01-01T00:00:00Z',
      '9999-01-01T00:00:00Z',
    ];
    for (const from of times)
      for (const to of times) {
        if (from !== null && to !== null && from >= to) continue;
        const expected = all
          .filter(({ at }) => (from === null || at >= from) && (to === null || at < to))
          .map(({ sequence }) => sequence);
        const page = await pageOf(trader, 2, null, { from, to });
        const rest = await pageOf(trader, 9, page.pageInfo.endCursor, { from, to });
        const read = [...page.edges, ...(page.pageInfo.hasNextPage ? rest.edges : [])];
        expect(read.map(({ node }) => node.sequence)).toEqual(expected);
      }
  });

  it('refuses a period that does not begin before it ends', async () => {
    const at = '2026-01-02T00:00:00Z';
    const { errors } = await server.subgraph.request(viewerOf(await server.aTrader()), TRAIL, {
      from: at,
      to: at,
    });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('is the own one, and needs the right to manage credentials', async () => {
    const [one, other] = [await server.aTrader(), await server.aTrader()];
    await create(one);
    expect(await trailOf(other)).toHaveLength(1);
    const { errors } = await server.subgraph.request(
      viewerOf(one, ['account:read', 'trade:read']),
      TRAIL,
    );
    expect(errors?.[0]?.extensions).toMatchObject({ reason: 'SCOPE_MISSING' });
  });

  it.each([
    "UPDATE audit_entries SET action = 'SIGNED_IN'",
    'UPDATE audit_entries SET at = at WHERE false',
    'DELETE FROM audit_entries',
    'TRUNCATE audit_entries',
  ])('cannot be changed: %s', async (statement) => {
    await server.aTrader();
    await expect(server.sql(statement)).rejects.toThrow('audit_entries is append-only');
  });
});
