import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

// A trusted proxy says from where each client comes, so that each test has an address of its own.
const BORNE = 3;
const BAD = '{ a0: __typename '.padEnd(40, '@');

let desk: DeskFixture;
let addresses = 0;
beforeAll(async () => {
  desk = await startDeskFixture({ toleratedOffenses: BORNE, trustedProxies: ['127.0.0.1'] });
  desk.world.addTrader('key', { userId: 'anna', accounts: [], scopes: ['market:read'] });
});
afterAll(() => desk.stop());

/** Headers by which somebody comes from an address that nobody else has. */
function newcomer(): Record<string, string> {
  return { 'x-forwarded-for': `192.0.2.${(addresses += 1)}` };
}

async function post(headers: Record<string, string>, body: string, type = 'application/json') {
  const response = await fetch(`${desk.origin}/graphql`, {
    method: 'POST',
    body,
    headers: { 'content-type': type, ...headers },
  });
  await response.text();
  return response;
}

/** Does far too much, on a socket, where all of it counts: the address is barred for seconds. */
async function offend(headers: Record<string, string>): Promise<void> {
  const client = await SocketClient.connect(desk.origin, undefined, { headers });
  for (let count = 0; count < 12; count += 1) client.subscribe(`${count}`, '{ nothing }');
  for (let count = 0; count < 12; count += 1)
    expect(await client.next()).toMatchObject({ type: 'error' });
  await client.close();
}

const query = (text: string) => JSON.stringify({ query: text });
const GOOD = query('{ serverTime }');

/** Sends an invalid request, in each way there is; resolves when it was counted. */
const WAYS: Readonly<Record<string, (headers: Record<string, string>) => Promise<unknown>>> = {
  'a document that is none': (headers) => post(headers, query(BAD)),
  'a document that is not valid, for a client that is told 200': (headers) =>
    post({ ...headers, accept: 'application/json' }, query('{ nothing }')),
  'the same, where a stream is asked for': (headers) =>
    post({ ...headers, accept: 'text/event-stream' }, query('subscription { nothing }')),
  'a body that is no JSON': (headers) => post(headers, '{"query'),
  'a socket that is never initialised': async (headers) =>
    (await SocketClient.open(desk.origin, { headers })).close(),
  'a document on a socket': async (headers) => {
    const client = await SocketClient.connect(desk.origin, undefined, { headers });
    client.subscribe('1', '{ nothing }');
    expect(await client.next()).toMatchObject({ type: 'error' });
    await client.close();
  },
};

/** What is no slip of anybody, and counts as several. */
const GROSS_WAYS: typeof WAYS = {
  'a body that is too large': (headers) => post(headers, query('x'.repeat(1024 * 1024))),
  'a frame that is too large': async (headers) => {
    const client = await SocketClient.open(desk.origin, { headers });
    client.send('x'.repeat(1024 * 1024));
    await client.closed;
  },
};

describe('an address that sends too many invalid requests', () => {
  it.each(Object.entries(WAYS))('as %s, is barred before anything is read', async (_what, send) => {
    const headers = newcomer();
    for (let count = 0; count < BORNE; count += 1) await send(headers);
    expect((await post(headers, GOOD)).status).toBe(200);
    // One is forgiven each half second, so they have to come together.
    const tryAgain = async () => {
      await Promise.all(Array.from({ length: 2 * BORNE }, () => send(headers).catch(() => null)));
      return (await post(headers, GOOD)).status;
    };
    await expect.poll(tryAgain, { interval: 0 }).toBe(429);
  });

  it.each(Object.entries(GROSS_WAYS))('as %s, is barred after one', async (_what, send) => {
    const headers = newcomer();
    await send(headers);
    const refused = await post(headers, GOOD);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is told when to come again, whatever is asked, and then may', async () => {
    const headers = newcomer();
    await offend(headers);
    const refused = await post(headers, GOOD);
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(5);
    const body = await fetch(`${desk.origin}/graphql`, { headers }).then((once) => once.json());
    const retryAfterMs = expect.any(Number) as number;
    const extensions = {
      code: 'RATE_LIMITED',
      outcome: 'NOT_APPLIED',
      retryable: true,
      retryAfterMs,
    };
    expect(body).toMatchObject({ errors: [{ extensions }] });
    await expect(SocketClient.open(desk.origin, { headers })).rejects.toThrow('HTTP 429');
    const again = async () => (await post(headers, GOOD)).status;
    await expect.poll(again, { timeout: 20_000 }).toBe(200);
  });

  it('is barred however the address is spelt', async () => {
    const headers = newcomer();
    await offend(headers);
    for (const path of ['/graphql', '/%67raphql', '/graphql#'])
      expect(await postFrom('127.0.0.1', GOOD, headers, path)).toBe(429);
  });

  it.each(['x-api-key', 'authorization'])('is barred with an empty %s too', async (name) => {
    const headers = newcomer();
    await offend(headers);
    expect((await post({ ...headers, [name]: '' }, GOOD)).status).toBe(429);
    const opened = SocketClient.open(desk.origin, { headers: { ...headers, [name]: '' } });
    await expect(opened).rejects.toThrow('HTTP 429');
  });

  it('is nothing to others, nor to who shows a credential there', async () => {
    const headers = newcomer();
    await offend(headers);
    expect((await post(newcomer(), GOOD)).status).toBe(200);
    expect((await post({ ...headers, 'x-api-key': 'key' }, GOOD)).status).toBe(200);
    const signedIn = { ...headers, 'x-api-key': 'key' };
    await (await SocketClient.open(desk.origin, { headers: signedIn })).close();
  });
});

/**
 * Posts from another address of this machine, on a connection of its own.
 * @returns the status, or how the connection ended
 */
function postFrom(
  localAddress: string,
  body: string,
  headers = {},
  path = '/graphql',
): Promise<number | string> {
  const options = { method: 'POST', localAddress, path, agent: false } as const;
  return new Promise((resolve) => {
    const sent = request(
      desk.origin,
      { ...options, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'ended'));
    sent.end(body);
  });
}

// All of 127.0.0.0/8 is this machine on Linux, and not everywhere.
describe.skipIf(process.platform !== 'linux')(
  'connections from an address that sent too many invalid requests',
  () => {
    /** Does far too much there, and then asks. */
    const askAfterAll = async (address: string) => {
      await Promise.all(Array.from({ length: 20 }, () => postFrom(address, query(BAD))));
      return postFrom(address, GOOD);
    };

    it('are not begun until some of it is forgiven', async () => {
      await expect.poll(() => askAfterAll('127.0.77.1'), { interval: 0 }).toBe('ECONNRESET');
      await expect.poll(() => postFrom('127.0.77.1', GOOD)).toBe(200);
    });

    it.each([
      ['sent a request', '127.0.77.2', {}],
      ['opened an event stream', '127.0.77.3', { accept: 'text/event-stream' }],
    ])(
      'are answered where somebody with a good credential %s, and let those in who have one',
      async (_what, address, headers) => {
        expect(await postFrom(address, GOOD, { 'x-api-key': 'key', ...headers })).toBe(200);
        await expect.poll(() => askAfterAll(address), { interval: 0 }).toBe(429);
        expect(await postFrom(address, GOOD, { 'x-api-key': 'key' })).toBe(200);
      },
    );
  },
);

describe('somebody with a credential', () => {
  it('is not barred for what they write', async () => {
    const headers = newcomer();
    const signedIn = { ...headers, 'x-api-key': 'key' };
    for (let count = 0; count < 10; count += 1)
      expect((await post(signedIn, query(BAD))).status).toBe(400);
    expect((await post(headers, GOOD)).status).toBe(200);
  });

  /** Shows it in `connection_init`, on more sockets than may be left uninitialized. */
  const show = async (headers: Record<string, string>, code: number, signed = {}) => {
    for (let count = 0; count < 3 * BORNE; count += 1) {
      const client = await SocketClient.open(desk.origin, { headers });
      client.send({ type: 'connection_init', payload: { apiKey: 'key', ...signed } });
      expect(await client.closed).toMatchObject({ code });
    }
  };

  it('bars nobody at the address with sockets that are too many', async () => {
    const headers = newcomer();
    const apiKey = { apiKey: 'key' };
    const open = Array.from({ length: 10 }, () =>
      SocketClient.connect(desk.origin, apiKey, { headers: newcomer() }),
    );
    const clients = await Promise.all(open);
    await show(headers, 4429);
    expect((await post(headers, GOOD)).status).toBe(200);
    for (const client of clients) await client.close();
  });

  it('bars nobody at the address if it is refused for a reason that only its owner is told', async () => {
    const headers = newcomer();
    desk.world.nonces.add('once');
    await show(headers, 4403, { signature: 's', timestamp: '1', nonce: 'once' });
    expect((await post(headers, GOOD)).status).toBe(200);
  });

  it('bars nobody at the address while it cannot be checked', async () => {
    const headers = newcomer();
    const restart = await desk.stopSubgraph('account');
    await show(headers, 1013);
    expect((await post(headers, GOOD)).status).toBe(200);
    await restart();
  });
});
