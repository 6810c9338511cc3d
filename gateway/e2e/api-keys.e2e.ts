import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawClient } from '#shared/http/test-raw-client.ts';
import { type RequestSignature, signedText } from '#shared/identity/request-signature.ts';
import { SocketClient } from '../fixtures/socket-client.ts';
import { aKeyOf, REVOKE_KEY } from './support/api-keys.ts';
import type { Desk } from './support/harness.ts';
import { shareDesk } from './support/shared-desk.ts';
import { TraderClient } from './support/trader-client.ts';

// What a program learns if its key is not valid here, or not any more, on each way in.
const ROTATE = `mutation ($id: ID!) { rotateApiKey(input: { id: $id, overlapSeconds: 0 }) {
  ... on ApiKeyRotated { secret }
} }`;

let desk: Desk;
let trader: TraderClient;
beforeAll(async () => {
  desk = await shareDesk('still');
  trader = await desk.aTrader();
});
afterAll(() => desk.stop());

const aKey = (settings: object = {}) => aKeyOf(trader, settings);

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A key as anybody can make one up: its checksum is right. */
function madeUp(body: string): string {
  const digit = (place: number) => DIGITS.charAt(Math.floor(crc32(body) / 62 ** place) % 62);
  return body + [5, 4, 3, 2, 1, 0].map(digit).join('');
}

/** How a key is answered over HTTP, as an event stream, at the upgrade and at `connection_init`. */
async function answersTo(apiKey: string) {
  const post = async (accept: string) => {
    const response = await fetch(`${desk.gateway}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, 'x-api-key': apiKey },
      body: JSON.stringify({ query: '{ viewer { id } }' }),
    });
    const { errors } = (await response.json()) as {
      errors: readonly { extensions: { code: string; reason?: string } }[];
    };
    const { code, reason } = errors[0]?.extensions ?? {};
    return `${response.status} ${code} ${reason}`;
  };
  const upgrade = await SocketClient.open(desk.gateway, { headers: { 'x-api-key': apiKey } }).catch(
    (cause: unknown) => String(cause),
  );
  const socket = await SocketClient.open(desk.gateway);
  socket.send({ type: 'connection_init', payload: { apiKey } });
  const { code, reason } = await socket.closed;
  return {
    http: await post('application/json'),
    events: await post('text/event-stream'),
    upgrade,
    socket: `${code} ${reason}`,
  };
}

describe('a key', () => {
  it('sees what it can do, though it can do nothing else', async () => {
    const [scopes, ipAllowList] = [[], ['127.0.0.1', '::1']];
    const { secret, id } = await aKey({ scopes, ipAllowList });
    const client = new TraderClient(desk.gateway, { accountId: '', apiKey: secret });
    expect(
      await client.request('{ viewer { apiKey { id scopes ipAllowList expiresAt } } }'),
    ).toEqual({ viewer: { apiKey: { id, scopes, ipAllowList, expiresAt: null } } });
  });
});

describe('a key that is refused', () => {
  it('from this address is FORBIDDEN, with IP_NOT_ALLOWED', async () => {
    const { secret } = await aKey({ ipAllowList: ['203.0.113.0/24'] });
    expect(await answersTo(secret)).toEqual({
      http: '403 FORBIDDEN IP_NOT_ALLOWED',
      events: '403 FORBIDDEN IP_NOT_ALLOWED',
      upgrade: 'Error: HTTP 403',
      socket: '4403 IP_NOT_ALLOWED',
    });
  });

  it.each([
    ['KEY_REVOKED', REVOKE_KEY],
    ['KEY_EXPIRED', ROTATE],
  ])('for good is UNAUTHENTICATED, with %s', async (reason, end) => {
    const { secret, id } = await aKey();
    await trader.request(end, { id });
    expect(await answersTo(secret)).toEqual({
      http: `401 UNAUTHENTICATED ${reason}`,
      events: `401 UNAUTHENTICATED ${reason}`,
      upgrade: 'Error: HTTP 401',
      socket: `4403 ${reason}`,
    });
  });

  it('for a wrong secret reveals nothing, whether the key exists, has ended, or not', async () => {
    const [good, ended] = [await aKey(), await aKey({ ipAllowList: ['203.0.113.0/24'] })];
    await trader.request(REVOKE_KEY, { id: ended.id });
    const { secret } = await aKey();
    expect(madeUp(secret.slice(0, -6))).toBe(secret);
    const foreign = secret.split('_')[2]?.slice(0, -6);
    for (const id of [good.id, ended.id, '0'.repeat(16)]) {
      const answers = await answersTo(madeUp(`dg_${id}_${foreign}`));
      expect(answers).toEqual({
        http: '401 UNAUTHENTICATED undefined',
        events: '401 UNAUTHENTICATED undefined',
        upgrade: 'Error: HTTP 401',
        socket: '4403 This credential is invalid or has expired.',
      });
    }
  });

  it('for a missing scope learns which one', async () => {
    const { secret } = await aKey();
    const reader = new TraderClient(desk.gateway, { accountId: trader.accountId, apiKey: secret });
    const { errors } = await reader.send('mutation { signOutEverywhere { endedSessions } }');
    expect(errors?.[0]?.extensions).toMatchObject({
      ...{ code: 'FORBIDDEN', reason: 'SCOPE_MISSING', needed: 'keys:write' },
    });
    await reader.close();
  });
});

describe('a rotated key', () => {
  it('ends the streams on its old secret within a second, and none on the new one', async () => {
    const { secret, id } = await aKey();
    const old = await SocketClient.connect(desk.gateway, { apiKey: secret });
    const { rotateApiKey } = await trader.request<{ rotateApiKey: { secret: string } }>(ROTATE, {
      id,
    });
    const next = await SocketClient.connect(desk.gateway, { apiKey: rotateApiKey.secret });
    expect(await old.closed).toMatchObject({ code: 4403 });
    await next.settle();
    await next.close();
  });
});

describe('a key that demands signatures', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const BODY = JSON.stringify({ query: '{ viewer { id } }' });
  let apiKey: string;
  beforeAll(async () => {
    const { x } = publicKey.export({ format: 'jwk' });
    apiKey = (await aKey({ scopes: ['ACCOUNT_READ', 'KEYS_WRITE'], publicKey: x })).secret;
  });

  type Signed = Omit<RequestSignature, 'signature' | 'bodySha256'>;
  /** What is signed, and the signature; sound where nothing else is said. */
  function signed(body: string, changes: Partial<Signed> = {}): RequestSignature {
    const parts = {
      ...{
        method: 'POST',
        path: '/graphql',
        timestamp: String(Date.now()),
        receiveWindowMs: '60000',
      },
      ...{ nonce: randomUUID(), ...changes },
      bodySha256: createHash('sha256').update(body).digest('base64url'),
    };
    const signature = sign(null, Buffer.from(signedText(parts)), privateKey);
    return { ...parts, signature: signature.toString('base64url') };
  }

  function headersOf({ timestamp, receiveWindowMs, nonce, signature }: RequestSignature) {
    return {
      ...{ 'x-api-key': apiKey, 'x-timestamp': timestamp, 'x-nonce': nonce },
      ...(receiveWindowMs === null ? {} : { 'x-receive-window-ms': receiveWindowMs }),
      'x-signature': signature,
    };
  }

  interface Refusal {
    readonly reason?: string;
    readonly serverTime?: string;
    readonly skewMs?: number;
  }
  /** Posts it. @returns `ok`, or why not */
  async function post(
    headers: Record<string, string>,
    { body = BODY, path = '/graphql' } = {},
  ): Promise<'ok' | Refusal> {
    const response = await fetch(`${desk.gateway}${path}`, {
      ...{ method: 'POST', body },
      headers: { 'content-type': 'application/json', ...headers },
    });
    const { errors } = (await response.json()) as { errors?: readonly { extensions: Refusal }[] };
    expect(response.status).toBe(errors === undefined ? 200 : 401);
    return errors?.[0]?.extensions ?? 'ok';
  }

  it('is answered once for each nonce, in any order of the headers', async () => {
    const headers = headersOf(signed(BODY));
    const reordered = Object.fromEntries(Object.entries(headers).reverse());
    expect(await post(reordered)).toBe('ok');
    expect(await post(headers)).toMatchObject({ reason: 'NONCE_USED' });
  });

  it('is answered once when one signature arrives fifty times at once', async () => {
    const headers = headersOf(signed(BODY));
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(headers)));
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(1);
    const others = answers.filter((answer) => answer !== 'ok');
    expect(new Set(others.map(({ reason }) => reason))).toEqual(new Set(['NONCE_USED']));
  });

  it.each([
    ['TIMESTAMP_TOO_OLD', -6000, null],
    ['TIMESTAMP_TOO_OLD', -400, '300'],
    ['TIMESTAMP_AHEAD', 60_000, null],
  ])('is refused with %s %i ms off, and told by how much', async (reason, offMs, window) => {
    const at = { timestamp: String(Date.now() + offMs), receiveWindowMs: window };
    const answer = (await post(headersOf(signed(BODY, at)))) as Refusal;
    expect(answer.reason).toBe(reason);
    const skewMs = Number(at.timestamp) - Date.parse(answer.serverTime ?? '');
    expect(answer.skewMs).toBe(skewMs);
  });

  it('is refused with TIMESTAMP_TOO_OLD when its body arrives too late', async () => {
    const at = { timestamp: String(Date.now()), receiveWindowMs: '300' };
    const headers = Object.entries(headersOf(signed(`${BODY}\r\n`, at)));
    const client = new RawClient(desk.gateway)
      .send('POST /graphql HTTP/1.1', 'Host: desk', 'Connection: close')
      .send('Content-Type: application/json', `Content-Length: ${BODY.length + 2}`)
      .send(...headers.map(([name, value]) => `${name}: ${value}`), '');
    await expect.poll(() => Date.now()).toBeGreaterThan(Number(at.timestamp) + 300);
    expect(await client.send(BODY).closed).toMatch(/^HTTP\/1.1 401 .*TIMESTAMP_TOO_OLD/s);
  });

  it('can ask for a longer validity of its signatures', async () => {
    const at = { timestamp: `${Date.now() - 6000}.25`, receiveWindowMs: '60000' };
    expect(await post(headersOf(signed(BODY, at)))).toBe('ok');
  });

  it.each([
    ['another body', () => post(headersOf(signed(BODY)), { body: `${BODY} ` })],
    ['another path', () => post(headersOf(signed(BODY)), { path: '/graphql?x=1' })],
    ['another method', () => post(headersOf(signed(BODY, { method: 'GET' })))],
    [
      'a later time',
      () => post({ ...headersOf(signed(BODY)), 'x-timestamp': `${Date.now() + 1}` }),
    ],
    ['another window', () => post({ ...headersOf(signed(BODY)), 'x-receive-window-ms': '59999' })],
    ['another nonce', () => post({ ...headersOf(signed(BODY)), 'x-nonce': 'other' })],
  ])('is refused with SIGNATURE_INVALID for %s', async (_what, send) => {
    expect(await send()).toMatchObject({ reason: 'SIGNATURE_INVALID' });
  });

  it.each([
    ['WINDOW_INVALID', { receiveWindowMs: '60001' }],
    ['NONCE_INVALID', { nonce: 'n'.repeat(65) }],
    ['TIMESTAMP_INVALID', { timestamp: new Date().toISOString() }],
  ])('is refused with %s for %j, however well it is signed', async (reason, at) => {
    expect(await post(headersOf(signed(BODY, at)))).toMatchObject({ reason });
  });

  it('is worth nothing without a signature, on each way in', async () => {
    expect(await answersTo(apiKey)).toEqual({
      http: '401 UNAUTHENTICATED SIGNATURE_NEEDED',
      events: '401 UNAUTHENTICATED SIGNATURE_NEEDED',
      upgrade: 'Error: HTTP 401',
      socket: '4403 SIGNATURE_NEEDED',
    });
  });

  it('creates keys that demand signatures as well', async () => {
    const query = `mutation { createApiKey(input: { name: "next", scopes: [] }) {
      ... on ApiKeyCreated { secret apiKey { publicKey } }
    } }`;
    const body = JSON.stringify({ query });
    const response = await fetch(`${desk.gateway}/graphql`, {
      ...{ method: 'POST', body },
      headers: { 'content-type': 'application/json', ...headersOf(signed(body)) },
    });
    const { data } = (await response.json()) as { data: { createApiKey: { secret: string } } };
    const { x } = publicKey.export({ format: 'jwk' });
    expect(data.createApiKey).toMatchObject({ apiKey: { publicKey: x } });
    expect((await answersTo(data.createApiKey.secret)).http).toContain('SIGNATURE_NEEDED');
  });

  it('opens a socket once, by the signature in connection_init', async () => {
    const payload = { apiKey, ...signed('', { method: 'WEBSOCKET' }) };
    const client = await SocketClient.connect(desk.gateway, payload);
    client.subscribe('1', '{ viewer { id } }');
    expect(await client.next()).toMatchObject({ id: '1', type: 'next' });
    const copy = await SocketClient.open(desk.gateway);
    copy.send({ type: 'connection_init', payload });
    expect(await copy.closed).toEqual({ code: 4403, reason: 'NONCE_USED' });
    await client.close();
    const upgrade = headersOf(signed('', { method: 'GET' }));
    await (await SocketClient.connect(desk.gateway, undefined, { headers: upgrade })).close();
    const late = signed('', { method: 'WEBSOCKET', timestamp: String(Date.now() - 61_000) });
    const behind = await SocketClient.open(desk.gateway);
    behind.send({ type: 'connection_init', payload: { apiKey, ...late } });
    expect((await behind.closed).reason).toMatch(/^TIMESTAMP_TOO_OLD skewMs=-\d+ serverTime=\S+Z$/);
  });
});
