import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeyId, trusted } from '#shared/domain/ids.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import { withChecksum } from './identity/checksummed-text.ts';
import { isNone, telltale } from '#shared/identity/test-telltale.ts';
import { verdictOn as verdictOf } from './test-credentials.ts';
import { signedIn, startTestServer, type TestServer, viewerOf } from './test-server.ts';

const CREATE_KEY = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { secret apiKey { id name scopes accountIds ipAllowList expiresAt revokedAt } }
  ... on ApiKeyRefused { reason }
} }`;
const REVOKE_KEY = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) {
  ... on ApiKeyRevoked { apiKey { id revokedAt } } ... on ApiKeyNotFound { id }
} }`;

interface Secret {
  readonly createApiKey: { readonly secret: string; readonly apiKey: { readonly id: string } };
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const verdictOn = (credential: object) => verdictOf(server, credential);
const authenticate = async (credential: object) => (await verdictOn(credential)).principal;
const reasonFor = async (credential: object) => (await verdictOn(credential)).reason;

describe('API key', () => {
  it('stands for its user, scopes and accounts', async () => {
    const trader = await server.aTrader({}, { scopes: ['trade:read'] });
    expect(await authenticate({ apiKey: trader.apiKey })).toEqual({
      userId: trader.userId,
      keyId: trader.apiKey.split('_')[1],
      secretId: expect.any(String) as unknown,
      sessionId: null,
      scopes: ['trade:read'],
      accounts: [{ accountId: trader.accountId, role: 'OWNER' }],
      expiresAt: null,
    });
  });

  it('sees itself, with whatever scopes, and a session sees none', async () => {
    const trader = await server.aTrader();
    const seen = '{ viewer { apiKey { id name scopes accountIds ipAllowList expiresAt } } }';
    const input = {
      ...{ name: 'quiet', scopes: [], accountIds: [trader.accountId] },
      ...{ ipAllowList: ['203.0.113.7'], expiresAt: '2100-01-01T00:00:00.000Z' },
    };
    const { apiKey } = await server.ask<Secret['createApiKey']>(
      signedIn(trader),
      CREATE_KEY,
      input,
    );
    const keyId = trusted(parseApiKeyId, apiKey.id);
    const by: Trader = { ...viewerOf(trader, []), credential: { kind: 'apiKey', keyId } };
    expect(await server.ask(by, seen)).toEqual({ apiKey: { id: keyId, ...input } });
    expect(await server.ask(signedIn(trader), seen)).toEqual({ apiKey: null });
  });

  it('is nobody with another secret, beside a token, or not at all', async () => {
    const [one, other] = [await server.aTrader(), await server.aTrader()];
    const mixed = `dg_${one.apiKey.split('_')[1]}_${other.apiKey.split('_')[2]}`;
    for (const credential of [
      { apiKey: mixed },
      { apiKey: 'nonsense' },
      { apiKey: one.apiKey, accessToken: 'x' },
      { accessToken: one.apiKey },
      {},
    ])
      expect(await verdictOn(credential)).toEqual({ principal: null, reason: null });
  });

  it('can be made with fewer scopes only, is shown once, and ends at once when revoked', async () => {
    const trader = await server.aTrader();
    const viewer = viewerOf(trader, ['keys:write', 'account:read', 'trade:read']);
    const create = (input: object) =>
      server.subgraph.request<Secret>(viewer, CREATE_KEY, { input });
    const more = await create({ name: 'bot', scopes: ['TRADE_WRITE'] });
    expect(more.data).toEqual({ createApiKey: { reason: 'SCOPE_EXCEEDED' } });
    for (const bad of [
      { name: ' ' },
      { name: 'x'.repeat(65) },
      { name: 'b\not' },
      { expiresAt: '2020-01-01T00:00:00Z' },
    ])
      expect((await create({ name: 'bot', scopes: [], ...bad })).data).toEqual({
        createApiKey: { reason: 'INVALID_INPUT' },
      });
    const { secret, apiKey } = (await create({ name: 'bot', scopes: ['TRADE_READ'] })).data
      .createApiKey;
    expect(await authenticate({ apiKey: secret })).toMatchObject({ scopes: ['trade:read'] });
    const list = await server.subgraph.request(viewer, '{ viewer { apiKeys { name scopes } } }');
    expect(list.data).toMatchObject({ viewer: { apiKeys: [{ name: 'bot' }, {}] } });

    const revoke = { input: { id: apiKey.id } };
    const stranger = viewerOf(await server.aTrader());
    expect((await server.subgraph.request(stranger, REVOKE_KEY, revoke)).data).toEqual({
      revokeApiKey: { id: apiKey.id },
    });
    const { data } = await server.subgraph.request(viewer, REVOKE_KEY, revoke);
    expect(data).toMatchObject({ revokeApiKey: { apiKey: { id: apiKey.id } } });
    expect((await server.subgraph.request(viewer, REVOKE_KEY, revoke)).data).toEqual(data);
    expect(await reasonFor({ apiKey: secret })).toBe('KEY_REVOKED');
  });

  it('made with a key that ends, ends no later', async () => {
    const trader = await server.aTrader();
    const viewer = { ...viewerOf(trader), expiresAt: Date.parse('2100-01-01T00:00:00Z') };
    const create = (expiresAt: string | null) =>
      server.subgraph.request(viewer, CREATE_KEY, { input: { name: 'k', scopes: [], expiresAt } });
    for (const late of [null, '2100-01-01T00:00:01Z'])
      expect((await create(late)).data).toEqual({ createApiKey: { reason: 'INVALID_INPUT' } });
    expect((await create('2099-01-01T00:00:00Z')).data).toMatchObject({
      createApiKey: { apiKey: { expiresAt: '2099-01-01T00:00:00.000Z' } },
    });
  });
});

describe('a key that is bound', () => {
  const create = async (viewer: Trader, settings: object) => {
    const input = { name: 'bot', scopes: [], ...settings };
    const origin = { address: '203.0.113.9', userAgent: null };
    const { data } = await server.subgraph.request<Secret>(viewer, CREATE_KEY, { input }, origin);
    return data.createApiKey;
  };
  const bound = { ipAllowList: ['203.0.113.0/24'] };

  it('to accounts touches those alone, and never one that its maker may not', async () => {
    const [trader, stranger] = [
      await server.aTrader({}, { moreAccounts: 1 }),
      await server.aTrader(),
    ];
    const viewer = await server.viewerWithAllAccounts(trader);
    expect(viewer.accounts).toHaveLength(2);
    const { secret, apiKey } = await create(viewer, { accountIds: [trader.accountId] });
    expect(apiKey).toMatchObject({ accountIds: [trader.accountId] });
    const principal = await authenticate({ apiKey: secret });
    expect(principal?.accounts.map(({ accountId }) => accountId)).toEqual([trader.accountId]);
    for (const accountId of [stranger.accountId, 'absent', 'no id'])
      expect(await create(viewer, { accountIds: [trader.accountId, accountId] })).toEqual({
        reason: 'ACCOUNT_EXCEEDED',
      });
    expect(await create(viewer, { accountIds: [] })).toEqual({ reason: 'INVALID_INPUT' });
  });

  it('hands its bounds on to keys made with it, and none beyond', async () => {
    const trader = await server.aTrader();
    const accountIds = [trader.accountId];
    const { secret } = await create(viewerOf(trader), {
      ...{ ...bound, accountIds, scopes: ['KEYS_WRITE'] },
    });
    const maker = viewerOf({ ...trader, apiKey: secret }, ['keys:write']);
    expect((await create(maker, {})).apiKey).toMatchObject({ ...bound, accountIds });
    const narrower = { ipAllowList: ['203.0.113.7'] };
    expect((await create(maker, narrower)).apiKey).toMatchObject(narrower);
    for (const ipAllowList of [[], ['198.51.100.7'], ['203.0.112.0/20']])
      expect(await create(maker, { ipAllowList })).toEqual({ reason: 'IP_ALLOW_LIST_EXCEEDED' });
  });

  it('to addresses is refused from others, by a reason of its own', async () => {
    const { secret } = await create(viewerOf(await server.aTrader()), bound);
    const from = (address?: string) => reasonFor({ apiKey: secret, address });
    expect(await from('203.0.113.255')).toBeNull();
    expect(await from('::ffff:203.0.113.1')).toBeNull();
    for (const address of ['198.51.100.7', '203.0.114.0', undefined, '203.0.113.0/24'])
      expect(await from(address)).toBe('IP_NOT_ALLOWED');
  });

  it.each(['nonsense', '0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0.0/7'])(
    'cannot be bound to %s',
    async (range) => {
      const viewer = viewerOf(await server.aTrader());
      expect(await create(viewer, { ipAllowList: [range] })).toEqual({ reason: 'INVALID_INPUT' });
    },
  );

  it('must be so to send money out', async () => {
    const viewer = viewerOf(await server.aTrader());
    const scopes = ['WITHDRAW_WRITE'];
    expect(await create(viewer, { scopes })).toEqual({ reason: 'IP_ALLOW_LIST_NEEDED' });
    expect((await create(viewer, { scopes, ...bound })).apiKey).toMatchObject(bound);
  });

  it('says when and from where it was last used', async () => {
    const trader = await server.aTrader();
    const used = async () =>
      (
        await server.subgraph.request<{
          viewer: { apiKeys: { lastUsedAt: string | null; lastUsedAddress: string | null }[] };
        }>(viewerOf(trader), '{ viewer { apiKeys { lastUsedAt lastUsedAddress } } }')
      ).data.viewer.apiKeys;
    expect(await used()).toEqual([{ lastUsedAt: null, lastUsedAddress: null }]);
    const [first, second] = ['198.51.100.7', '198.51.100.8'];
    await authenticate({ apiKey: trader.apiKey, address: first });
    expect(await used()).toMatchObject([{ lastUsedAddress: first }]);
    // Not with each request, or many addresses would keep the store busy.
    await authenticate({ apiKey: trader.apiKey, address: second });
    expect(await used()).toMatchObject([{ lastUsedAddress: first }]);
    const aSecondAgo =
      "UPDATE api_keys SET last_used_at = last_used_at - interval '1 s' WHERE id = $1";
    await server.sql(aSecondAgo, [trader.apiKey.split('_')[1]]);
    await authenticate({ apiKey: trader.apiKey, address: second });
    expect(await used()).toMatchObject([{ lastUsedAddress: second }]);
    expect(Date.now() - Date.parse((await used())[0]?.lastUsedAt ?? '')).toBeLessThan(60_000);
  });
});

describe('the time of a refusal', () => {
  it('is the same for a key that is not there and for a wrong secret', async () => {
    const [trader, other] = [await server.aTrader(), await server.aTrader()];
    const [id, secret] = [trader.apiKey.split('_')[1], other.apiKey.split('_')[2]?.slice(0, -6)];
    const shown = {
      wrong: withChecksum(`dg_${id}_${secret}`),
      absent: withChecksum(`dg_${'0'.repeat(16)}_${secret}`),
    };
    const showing = (apiKey: string) => async () =>
      expect(await verdictOn({ apiKey })).toEqual({ principal: null, reason: null });
    const tells = telltale(showing(shown.wrong), showing(shown.absent), {
      ...{ pairs: 100, expected: isNone },
    });
    expect(await tells).toSatisfy(isNone);
  });
});
