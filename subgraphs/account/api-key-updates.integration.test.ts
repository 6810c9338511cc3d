import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeyId, trusted } from '#shared/domain/ids.ts';
import type { Scope, Trader } from '#shared/identity/viewer.ts';
import { TEST_ORIGIN } from '#shared/subgraph/test-subgraph.ts';
import { GATEWAY, signedIn, startTestServer, type TestServer, viewerOf } from './test-server.ts';

const UPDATE = `mutation ($input: UpdateApiKeyInput!) { updateApiKey(input: $input) {
  ... on ApiKeyUpdated { apiKey { id name ipAllowList scopes accountIds revokedAt } }
  ... on ApiKeyRefused { reason }
  ... on ApiKeyNotFound { id }
} }`;
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { secret apiKey { id } } ... on ApiKeyRefused { reason }
} }`;
const REVOKE = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { __typename } }`;
const AUTHENTICATE = `query ($credential: CredentialInput!) {
  authenticate(credential: $credential) { reason principal { userId } }
}`;
const TRAIL = '{ viewer { auditTrail { edges { node { action subjectId } } } } }';
const [HERE, LAB] = [TEST_ORIGIN.address, '203.0.113.7'];

interface Key {
  readonly id: string;
  readonly name: string;
  readonly ipAllowList: readonly string[];
}
interface Answer {
  readonly apiKey?: Key;
  readonly secret?: string;
  readonly reason?: string;
}
type Seeded = Awaited<ReturnType<TestServer['aTrader']>>;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const ask = (viewer: Trader, query: string, input: object): Promise<Answer> =>
  server.ask(viewer, query, input);

/** A key of the trader's, and the trader as the gateway tells of them who show it. */
async function aKey(trader: Seeded, input: object = {}) {
  const settings = { name: 'bot', scopes: ['ACCOUNT_READ'], ...input };
  const { secret = '', apiKey } = await ask(signedIn(trader), CREATE, settings);
  const keyId = trusted(parseApiKeyId, apiKey?.id ?? '');
  const viewer = (scopes: readonly Scope[]): Trader => ({
    ...viewerOf(trader, scopes),
    credential: { kind: 'apiKey', keyId },
  });
  return { id: keyId, secret, viewer };
}

const update = (viewer: Trader, id: string, change: object) =>
  ask(viewer, UPDATE, { id, ...change });

/** Why a key is not good from an address; null for one that is. */
async function refusalFrom(apiKey: string, address: string): Promise<string | null> {
  const { data } = await server.subgraph.request<{ authenticate: { reason: string | null } }>(
    GATEWAY,
    AUTHENTICATE,
    { credential: { apiKey, address } },
  );
  return data.authenticate.reason;
}

describe('an API key', () => {
  it('gets another name and other addresses, keeps its secret and all else, and it is noted', async () => {
    const trader = await server.aTrader();
    const { id, secret } = await aKey(trader);
    const person = signedIn(trader);
    expect(await update(person, id, { name: ' Büro ✓ ' })).toEqual({
      apiKey: {
        id,
        name: 'Büro ✓',
        ipAllowList: [],
        scopes: ['ACCOUNT_READ'],
        accountIds: null,
        revokedAt: null,
      },
    });
    expect(await refusalFrom(secret, HERE)).toBeNull();
    const bound = await update(person, id, { ipAllowList: ['203.0.113.0/24'] });
    expect(bound.apiKey).toMatchObject({ name: 'Büro ✓', ipAllowList: ['203.0.113.0/24'] });
    expect(await refusalFrom(secret, HERE)).toBe('IP_NOT_ALLOWED');
    expect(await refusalFrom(secret, LAB)).toBeNull();
    expect((await update(person, id, { ipAllowList: [] })).apiKey).toMatchObject({
      ipAllowList: [],
    });
    expect(await refusalFrom(secret, HERE)).toBeNull();
    const { data } = await server.subgraph.request<{
      viewer: { auditTrail: { edges: { node: object }[] } };
    }>(person, TRAIL);
    const noted = data.viewer.auditTrail.edges.map(({ node }) => node);
    expect(noted.slice(0, 3)).toEqual(
      noted.slice(0, 3).map(() => ({ action: 'API_KEY_UPDATED', subjectId: id })),
    );
  });

  it.each([
    ['nothing', {}, 'INVALID_INPUT'],
    ['no name', { name: ' ' }, 'INVALID_INPUT'],
    ['a long name, with addresses', { name: 'x'.repeat(65), ipAllowList: [LAB] }, 'INVALID_INPUT'],
    ['a name that turns what is beside it', { name: 'a\u202eb' }, 'INVALID_INPUT'],
    ['no address', { ipAllowList: ['nonsense'] }, 'INVALID_INPUT'],
    ['all addresses', { ipAllowList: ['0.0.0.0/0'] }, 'INVALID_INPUT'],
    ['many addresses', { ipAllowList: Array.from({ length: 101 }, () => LAB) }, 'INVALID_INPUT'],
  ])('is not changed to %s', async (_what, change, reason) => {
    const trader = await server.aTrader();
    const { id } = await aKey(trader);
    expect(await update(signedIn(trader), id, change)).toEqual({ reason });
    const same = await update(signedIn(trader), id, { name: 'bot' });
    expect(same.apiKey).toMatchObject({ name: 'bot', ipAllowList: [] });
  });

  it('that can send money out stays bound to addresses', async () => {
    const trader = await server.aTrader();
    const { id } = await aKey(trader, { scopes: ['WITHDRAW_WRITE'], ipAllowList: [LAB] });
    const person = signedIn(trader);
    expect(await update(person, id, { ipAllowList: [] })).toEqual({
      reason: 'IP_ALLOW_LIST_NEEDED',
    });
    expect((await update(person, id, { ipAllowList: [HERE] })).apiKey?.ipAllowList).toEqual([HERE]);
    expect((await update(person, id, { name: 'out' })).apiKey?.ipAllowList).toEqual([HERE]);
  });

  it('that was revoked is not changed, also when both come at once', async () => {
    const trader = await server.aTrader();
    const { id, secret } = await aKey(trader);
    const person = signedIn(trader);
    const [answer] = await Promise.all([
      update(person, id, { ipAllowList: [LAB] }),
      ask(person, REVOKE, { id }),
    ]);
    expect(answer.reason ?? 'updated').toMatch(/^(updated|KEY_REVOKED)$/);
    expect(await update(person, id, { name: 'late' })).toEqual({ reason: 'KEY_REVOKED' });
    expect(await refusalFrom(secret, LAB)).toBe('KEY_REVOKED');
  });

  it('of somebody else is as one that is not there', async () => {
    const [trader, stranger] = [await server.aTrader(), await server.aTrader()];
    const { id } = await aKey(trader);
    for (const other of [id, '0'.repeat(16), 'no id'])
      for (const change of [{ name: 'mine' }, { name: '' }, {}])
        expect(await update(signedIn(stranger), other, change)).toEqual({ id: other });
  });

  it('loses nothing of what two change at once', async () => {
    const trader = await server.aTrader();
    const { id } = await aKey(trader);
    const person = signedIn(trader);
    await Promise.all([
      update(person, id, { name: 'one' }),
      update(person, id, { ipAllowList: [LAB] }),
    ]);
    const { apiKey } = await update(person, id, { name: 'two' });
    expect(apiKey).toMatchObject({ name: 'two', ipAllowList: [LAB] });
  });

  it('is changed by its person also when they have lost an account that it touches', async () => {
    const trader = await server.aTrader({}, { moreAccounts: 1 });
    const all = await server.viewerWithAllAccounts(trader);
    const accountIds = all.accounts.map(({ accountId }) => accountId);
    const { apiKey } = await ask(all, CREATE, { name: 'both', scopes: [], accountIds });
    const id = apiKey?.id ?? '';
    expect((await update(signedIn(trader), id, { ipAllowList: [LAB] })).apiKey?.id).toBe(id);
    const byKey = viewerOf(trader);
    expect(await update(byKey, id, { name: 'x' })).toEqual({ reason: 'ACCOUNT_EXCEEDED' });
  });
});

describe('a key that changes keys', () => {
  it('gives none what it has not itself: scopes, accounts or addresses; not even itself', async () => {
    const trader = await server.aTrader();
    const { accountId } = trader;
    const ipAllowList = ['198.51.100.0/24'];
    const scopes = ['KEYS_WRITE'];
    const maker = await aKey(trader, { scopes, ipAllowList, accountIds: [accountId] });
    const viewer = maker.viewer(['keys:write']);
    const wide = { ipAllowList: ['198.51.100.0/23'] };
    for (const change of [wide, { ipAllowList: [] }, { ipAllowList: [LAB] }])
      expect(await update(viewer, maker.id, change)).toEqual({ reason: 'IP_ALLOW_LIST_EXCEEDED' });
    const [more, elsewhere] = [await aKey(trader), await aKey(trader, { scopes: [] })];
    expect(await update(viewer, more.id, { name: 'x' })).toEqual({ reason: 'SCOPE_EXCEEDED' });
    expect(await update(viewer, elsewhere.id, { ipAllowList })).toEqual({
      reason: 'ACCOUNT_EXCEEDED',
    });
    const narrow = { ipAllowList: [HERE] };
    expect((await update(viewer, maker.id, narrow)).apiKey).toMatchObject(narrow);
  });

  it('from where it is no longer allowed changes nothing, even by a request that was on its way', async () => {
    const trader = await server.aTrader();
    const { id, viewer } = await aKey(trader, { scopes: ['KEYS_WRITE', 'ACCOUNT_READ'] });
    await update(signedIn(trader), id, { ipAllowList: [LAB] });
    const late = viewer(['keys:write', 'account:read']);
    expect(await update(late, id, { ipAllowList: [LAB, HERE] })).toEqual({
      reason: 'IP_ALLOW_LIST_EXCEEDED',
    });
    for (const [query, input] of [
      [UPDATE, { id, name: 'late' }],
      [CREATE, { name: 'next', scopes: [], ipAllowList: [LAB] }],
    ] as const) {
      const { errors } = await server.subgraph.request(late, query, { input });
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
    const rows = await server.sql('SELECT name, ip_allow_list FROM api_keys WHERE id = $1', [id]);
    expect(rows).toEqual([{ name: 'bot', ip_allow_list: [LAB] }]);
  });
});

describe('a key whose addresses change while it makes something', () => {
  it.each([
    ['a key', CREATE, { name: 'next', scopes: [], ipAllowList: [HERE, LAB] }],
    ['a key wider', UPDATE, { ipAllowList: [HERE, LAB] }],
  ])('makes %s no more, as the new addresses might not allow it', async (_what, query, input) => {
    const trader = await server.aTrader();
    const settings = { scopes: ['KEYS_WRITE', 'ACCOUNT_READ'], ipAllowList: [HERE, LAB] };
    const { id, viewer } = await aKey(trader, settings);
    const other = await aKey(trader, { ipAllowList: [HERE] });
    await server.sql('BEGIN');
    await server.sql('SELECT id FROM users WHERE id = $1 FOR UPDATE', [trader.userId]);
    const asking = server.subgraph.request(viewer(['keys:write', 'account:read']), query, {
      input: query === UPDATE ? { id: other.id, ...input } : input,
    });
    const blocked = async () => {
      const rows = await server.sql(
        `SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length;
    };
    await expect.poll(blocked).toBeGreaterThan(0);
    await server.sql('UPDATE api_keys SET ip_allow_list = $2 WHERE id = $1', [id, [HERE]]);
    await server.sql('COMMIT');
    expect((await asking).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('gateways', () => {
  it('are told of other addresses, and of no other name', async () => {
    const told: string[] = [];
    const news = await server.bus.subscribe('credentials.changed');
    const listening = (async () => {
      for await (const signal of news)
        if (signal.kind === 'message') told.push(signal.message.userId);
    })();
    const [renamed, moved] = [await server.aTrader(), await server.aTrader()];
    const keys = [await aKey(renamed), await aKey(moved)];
    await update(signedIn(renamed), keys[0]?.id ?? '', { name: 'x' });
    await update(signedIn(moved), keys[1]?.id ?? '', { ipAllowList: [LAB] });
    await expect.poll(() => told).toEqual([moved.userId]);
    await news.return?.();
    await listening;
  });
});
