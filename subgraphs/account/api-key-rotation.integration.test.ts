import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trader } from '#shared/identity/viewer.ts';
import { verdictOn } from './test-credentials.ts';
import { startTestServer, type TestServer, viewerOf } from './test-server.ts';

const ROTATE_KEY = `mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) {
  ... on ApiKeyRotated { secret apiKey { id previousSecretUntil } }
  ... on ApiKeyRefused { reason }
  ... on ApiKeyNotFound { id message }
} }`;
const DEPOSIT = `mutation ($input: DepositInput!) { deposit(input: $input) { __typename } }`;
const REVOKE_KEY = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) {
  ... on ApiKeyRevoked { apiKey { id revokedAt } } ... on ApiKeyNotFound { id }
} }`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const authenticate = async (credential: object) => (await verdictOn(server, credential)).principal;
/** Which secret a request shows, as the gateway passes it on. */
const secretIn = (principal: Awaited<ReturnType<typeof authenticate>>) => {
  if (principal === null) throw new Error('The key is not valid.');
  return { secretId: principal.secretId };
};
const reasonFor = async (credential: object) => (await verdictOn(server, credential)).reason;

describe('rotation', () => {
  interface Rotated {
    readonly rotateApiKey: {
      readonly secret: string;
      readonly apiKey: { readonly id: string; readonly previousSecretUntil: string };
    };
  }
  const rotate = async (viewer: Trader, id: string, overlapSeconds?: number) =>
    (await server.subgraph.request<Rotated>(viewer, ROTATE_KEY, { input: { id, overlapSeconds } }))
      .data.rotateApiKey;
  const idOf = ({ apiKey }: { readonly apiKey: string }) => apiKey.split('_')[1] ?? '';

  const [MONDAY, TUESDAY] = ['rotation-of-monday', 'rotation-of-tuesday'];
  /** A trader, and what rotates their key with a retry key. */
  async function rotatesWithKeys() {
    const trader = await server.aTrader();
    const rotateBy = async (overlapSeconds: number, retryKey: string) => {
      const input = { id: idOf(trader), overlapSeconds, retryKey };
      const { data } = await server.subgraph.request<Rotated>(viewerOf(trader), ROTATE_KEY, {
        input,
      });
      return data.rotateApiKey;
    };
    return { trader, rotateBy };
  }
  /** Uses each of these secrets. @returns which are valid */
  const areGood = (...secrets: readonly string[]) =>
    Promise.all(secrets.map(async (apiKey) => (await authenticate({ apiKey })) !== null));

  it('gives a new secret to the same key, and the old one stays good for the overlap', async () => {
    const trader = await server.aTrader();
    const { secret, apiKey } = await rotate(viewerOf(trader), idOf(trader));
    expect(apiKey.id).toBe(idOf(trader));
    expect(secret).not.toBe(trader.apiKey);
    expect(await authenticate({ apiKey: secret })).toMatchObject({ expiresAt: null });
    // Anyone who lives on the old secret is told when it ends, so that its streams end then.
    expect(await authenticate({ apiKey: trader.apiKey })).toMatchObject({
      expiresAt: apiKey.previousSecretUntil,
    });
  });

  it('ends the old secret with the overlap, and an older one with the next rotation', async () => {
    const trader = await server.aTrader();
    const viewer = viewerOf(trader);
    const second = await rotate(viewer, idOf(trader), 60);
    const third = await rotate(viewer, idOf(trader), 0);
    expect(await verdictOn(server, { apiKey: trader.apiKey })).toEqual({
      principal: null,
      reason: null,
    });
    expect(await reasonFor({ apiKey: second.secret })).toBe('KEY_EXPIRED');
    expect(await authenticate({ apiKey: third.secret })).not.toBeNull();
    await server.subgraph.request(viewer, REVOKE_KEY, { input: { id: idOf(trader) } });
    expect(await reasonFor({ apiKey: third.secret })).toBe('KEY_REVOKED');
    expect(await rotate(viewer, idOf(trader))).toEqual({ reason: 'KEY_REVOKED' });
  });

  it('repeated with its retry key replaces the lost secret alone, and can end the old one', async () => {
    const { trader, rotateBy } = await rotatesWithKeys();
    const lost = await rotateBy(3600, MONDAY);
    const got = await rotateBy(7200, MONDAY);
    expect(got.apiKey.previousSecretUntil).toBe(lost.apiKey.previousSecretUntil);
    expect(await areGood(trader.apiKey, lost.secret)).toEqual([true, false]);
    // It may have leaked meanwhile.
    const last = await rotateBy(0, MONDAY);
    expect(await areGood(trader.apiKey, got.secret, last.secret)).toEqual([false, false, true]);
    // After the overlap, and with another key, it is a new rotation.
    const next = await rotateBy(3600, MONDAY);
    const further = await rotateBy(3600, TUESDAY);
    const all = [last.secret, next.secret, further.secret];
    expect(await areGood(...all)).toEqual([false, true, true]);
    expect(await rotateBy(0, 'too short')).toEqual({ reason: 'INVALID_INPUT' });
  });

  it('with the retry key of a rotation whose secret is in use changes nothing', async () => {
    const { trader, rotateBy } = await rotatesWithKeys();
    const { secret } = await rotateBy(3600, MONDAY);
    expect(await areGood(secret)).toEqual([true]);
    expect(await rotateBy(3600, MONDAY)).toEqual({ reason: 'RETRY_KEY_USED' });
    expect(await areGood(trader.apiKey, secret)).toEqual([true, true]);
    // What was used before the rotation says nothing about what came after it.
    await rotateBy(3600, TUESDAY);
    expect(await rotateBy(3600, TUESDAY)).toHaveProperty('secret');
    expect(await areGood(secret)).toEqual([true]);
  });

  it('without an overlap ends what is still on its way by the old secret, and nothing by the new one', async () => {
    const trader = await server.aTrader();
    const deposit = async (secret: string, viewer: Trader) => {
      const input = { transferId: secret.slice(-20), accountId: trader.accountId };
      const { data, errors } = await server.subgraph.request<{ deposit: object }>(viewer, DEPOSIT, {
        input: { ...input, asset: 'USDT', amount: '1' },
      });
      return errors?.[0]?.extensions.code ?? data.deposit;
    };
    const shownBy = async (apiKey: string): Promise<Trader> => {
      const principal = await authenticate({ apiKey });
      const viewer = viewerOf(trader);
      return { ...viewer, credential: { ...viewer.credential, ...secretIn(principal) } };
    };
    const applied = { __typename: 'TransferApplied' };
    const first = await shownBy(trader.apiKey);
    const { secret } = await rotate(viewerOf(trader), idOf(trader), 60);
    const second = await shownBy(secret);
    expect(await deposit(trader.apiKey, first)).toEqual(applied);
    const last = await rotate(second, idOf(trader), 0);
    expect(await deposit(secret, second)).toBe('UNAUTHENTICATED');
    expect(await deposit(last.secret, await shownBy(last.secret))).toEqual(applied);
    const { errors } = await server.subgraph.request(second, ROTATE_KEY, {
      input: { id: idOf(trader) },
    });
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('asked for by ten at once ends with one secret that is good', async () => {
    const trader = await server.aTrader();
    const rotated = await Promise.all(
      Array.from({ length: 10 }, () => rotate(viewerOf(trader), idOf(trader), 0)),
    );
    const good = await Promise.all(rotated.map(({ secret }) => authenticate({ apiKey: secret })));
    expect(good.filter((principal) => principal !== null)).toHaveLength(1);
  });

  it('is no way to a key that can do more', async () => {
    const trader = await server.aTrader();
    const less = viewerOf(trader, ['keys:write', 'trade:read']);
    expect(await rotate(less, idOf(trader))).toEqual({ reason: 'SCOPE_EXCEEDED' });
    expect(await authenticate({ apiKey: trader.apiKey })).not.toBeNull();
  });

  it.each([-1, 7 * 24 * 60 * 60 + 1])('has no overlap of %i seconds', async (overlap) => {
    const trader = await server.aTrader();
    expect(await rotate(viewerOf(trader), idOf(trader), overlap)).toEqual({
      reason: 'INVALID_INPUT',
    });
  });

  it('of a key of somebody else is as of one that is not there', async () => {
    const [trader, stranger] = [await server.aTrader(), await server.aTrader()];
    for (const id of [idOf(trader), '0'.repeat(16), 'no id'])
      expect(await rotate(viewerOf(stranger), id)).toEqual({
        ...{ id, message: 'You have no such API key.' },
      });
    expect(await authenticate({ apiKey: trader.apiKey })).not.toBeNull();
  });
});
