import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSessionId, trusted } from '#shared/domain/ids.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { GATEWAY, startTestServer, type TestServer, viewerOf } from './test-server.ts';

const NOBODY: Viewer = { kind: 'anonymous', scopes: ['market:read'] };
const AUTHENTICATE = `query ($credential: CredentialInput!) {
  authenticate(credential: $credential) {
    userId keyId sessionId scopes accounts { accountId role } expiresAt
  }
}`;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignedIn { accessToken expiresAt } ... on SignInRefused { reason }
} }`;
const CREATE_KEY = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { secret apiKey { id name scopes expiresAt revokedAt } }
  ... on ApiKeyRefused { reason }
} }`;
const REVOKE_KEY = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) {
  ... on ApiKeyRevoked { apiKey { id revokedAt } } ... on ApiKeyNotFound { id }
} }`;

interface Principal {
  readonly userId: string;
  readonly sessionId: string | null;
  readonly scopes: readonly string[];
}
interface Secret {
  readonly createApiKey: { readonly secret: string; readonly apiKey: { readonly id: string } };
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function authenticate(credential: object): Promise<Principal | null> {
  const { data } = await server.subgraph.request<{ authenticate: Principal | null }>(
    GATEWAY,
    AUTHENTICATE,
    { credential },
  );
  return data.authenticate;
}

async function signIn(email: string, password: string) {
  const { data } = await server.subgraph.request<{
    signIn: { accessToken?: string; reason?: string };
  }>(NOBODY, SIGN_IN, { input: { email, password } });
  return data.signIn;
}

describe('API key', () => {
  it('stands for its user, scopes and accounts', async () => {
    const trader = await server.aTrader({}, { scopes: ['trade:read'] });
    expect(await authenticate({ apiKey: trader.apiKey })).toEqual({
      userId: trader.userId,
      keyId: trader.apiKey.split('_')[1],
      sessionId: null,
      scopes: ['trade:read'],
      accounts: [{ accountId: trader.accountId, role: 'OWNER' }],
      expiresAt: null,
    });
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
      expect(await authenticate(credential)).toBeNull();
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
    expect(await authenticate({ apiKey: secret })).toBeNull();
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

describe('sign-in', () => {
  it('gives a token that is good until the sign-in is ended', async () => {
    const trader = await server.aTrader({}, { password: 'open sesame' });
    const { accessToken } = await signIn(trader.email.toUpperCase(), 'open sesame');
    const principal = await authenticate({ accessToken });
    expect(principal).toMatchObject({ userId: trader.userId, keyId: null });
    expect(principal?.scopes).toContain('withdraw:write');
    const sessionId = trusted(parseSessionId, principal?.sessionId ?? '');
    const viewer: Viewer = { ...viewerOf(trader), credential: { kind: 'session', sessionId } };
    const signOut = () => server.subgraph.request(viewer, 'mutation { signOut { endedAt } }');
    const ended = await signOut();
    expect(ended.errors).toBeUndefined();
    expect((await signOut()).data).toEqual(ended.data);
    expect(await authenticate({ accessToken })).toBeNull();
    const byKey = await server.subgraph.request(
      viewerOf(trader),
      'mutation { signOut { endedAt } }',
    );
    expect(byKey.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('is one refusal for an unknown user and a wrong password, and locks after five', async () => {
    const trader = await server.aTrader({}, { password: 'open sesame' });
    for (const email of [trader.email, 'nobody@deskgraph.example']) {
      const tries = [];
      for (let n = 0; n < 6; n += 1) tries.push((await signIn(email, 'guess')).reason);
      expect(tries).toEqual([
        ...Array.from({ length: 5 }, () => 'CREDENTIALS_INVALID'),
        'TOO_MANY_ATTEMPTS',
      ]);
    }
    expect(await signIn(trader.email, 'open sesame')).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
  });
});
