import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';
import { CREDENTIAL_TIMES } from './credential-times.ts';

const QUOTES =
  'subscription { quoteChanged(symbols: ["BTC-USDT"]) { ... on QuoteUpdate { sequence } } }';
const PLACE = 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename } }';
const ORDER = {
  input: {
    accountId: 'acc-anna',
    clientOrderId: 'c',
    symbol: 'BTC-USDT',
    side: 'BUY',
    terms: { market: { quantity: '1' } },
  },
};

let desk: DeskFixture;
beforeEach(async () => {
  desk = await startDeskFixture();
  for (const userId of ['anna', 'bert'])
    desk.world.addTrader(`key-${userId}`, {
      userId,
      accounts: [`acc-${userId}`],
      scopes: ['market:read', 'trade:read', 'trade:write'],
    });
});
afterEach(() => desk.stop());

/** A socket with one stream of quotes that is known to flow. */
async function streaming(apiKey: string): Promise<SocketClient> {
  const opened = desk.world.quotesOf('BTC-USDT').open;
  const client = await SocketClient.connect(desk.origin, { apiKey });
  client.subscribe('1', QUOTES);
  if (opened === 0) await expect.poll(() => desk.world.quotesOf('BTC-USDT').open).toBe(1);
  return client;
}

/** How often a credential was asked about. */
function asked(): number {
  return desk.world.calls.filter((call) => call.startsWith('authenticate')).length;
}

/** How many orders have reached the order subgraph. */
function placed(): number {
  return desk.world.calls.filter((call) => call.startsWith('placeOrder')).length;
}

describe('the credential of an open socket', () => {
  it('ends the sockets that live on it within a second, and no others', async () => {
    const clients = await Promise.all([streaming('key-anna'), streaming('key-anna')]);
    const other = await streaming('key-bert');
    const nobody = await SocketClient.connect(desk.origin);
    const looks = vi.spyOn(desk.world.principals, 'get');
    desk.world.principals.delete('key-anna');
    for (const client of clients)
      expect(await client.closed).toEqual({ code: 4403, reason: 'Credential ended' });
    // By the next round, which is begun within a second and asks once for both.
    expect(CREDENTIAL_TIMES.roundMs).toBeLessThan(1000);
    expect(looks.mock.calls.filter(([key]) => key === 'key-anna')).toHaveLength(1);
    desk.world.pushQuote('BTC-USDT', 1);
    expect(await other.next()).toMatchObject({ id: '1', type: 'next' });
    for (const client of clients) expect(client.untaken).toEqual([]);
    nobody.subscribe('1', '{ serverTime }');
    expect(await nobody.next()).toMatchObject({ type: 'next' });
  });

  it('lets nothing be done any more, also by a client that does not answer the close', async () => {
    const [silent, other] = [await streaming('key-anna'), await streaming('key-anna')];
    silent.subscribe('2', PLACE, ORDER);
    await expect.poll(() => placed()).toBe(1);
    silent.webSocket.pause();
    desk.world.principals.delete('key-anna');
    await other.closed;
    silent.subscribe('3', PLACE, ORDER);
    silent.webSocket.resume();
    expect(await silent.closed).toEqual({ code: 4403, reason: 'Credential ended' });
    // What had been let through would be there before what another asks for now.
    const bert = await SocketClient.connect(desk.origin, { apiKey: 'key-bert' });
    bert.subscribe('1', PLACE, ORDER);
    expect(await bert.next()).toMatchObject({ id: '1', type: 'next' });
    expect(placed()).toBe(2);
  });

  it('answers what is under way, streams nothing meanwhile, and then ends the socket', async () => {
    const [client, other] = [await streaming('key-anna'), await streaming('key-anna')];
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    desk.world.delay = () => held;
    client.subscribe('2', PLACE, ORDER);
    await expect.poll(() => placed()).toBe(1);
    desk.world.principals.delete('key-anna');
    await other.closed;
    const bert = await streaming('key-bert');
    desk.world.pushQuote('BTC-USDT', 1);
    expect(await bert.next()).toMatchObject({ id: '1', type: 'next' });
    client.subscribe('3', PLACE, ORDER);
    client.subscribe('4', QUOTES);
    answer();
    expect(await client.next()).toMatchObject({ id: '2', type: 'next', payload: { data: {} } });
    expect(await client.next()).toEqual({ id: '2', type: 'complete' });
    expect(await client.closed).toEqual({ code: 4403, reason: 'Credential ended' });
    expect([client.untaken, placed()]).toEqual([[], 1]);
  });

  it.each([
    ['scopes', { scopes: ['market:read'] }],
    ['accounts', { accounts: [] }],
    ['role', { accounts: [{ accountId: 'acc-anna', role: 'VIEWER' }] }],
  ])('ends the socket when its %s change', async (_what, change) => {
    const client = await streaming('key-anna');
    desk.world.principals.set('key-anna', { ...desk.world.principals.get('key-anna'), ...change });
    expect(await client.closed).toEqual({ code: 4403, reason: 'Permissions changed' });
  });

  it('may touch more accounts than before, over the same socket, until it loses one', async () => {
    const client = await streaming('key-anna');
    const before = asked();
    const principal = desk.world.principals.get('key-anna');
    const accounts = ['acc-anna', 'acc-new'].map((accountId) => ({ accountId, role: 'OWNER' }));
    desk.world.principals.set('key-anna', { ...principal, accounts });
    await expect.poll(() => asked() - before).toBeGreaterThanOrEqual(2);
    client.subscribe('2', PLACE, { input: { ...ORDER.input, accountId: 'acc-new' } });
    expect(await client.next()).toMatchObject({ id: '2', type: 'next', payload: { data: {} } });
    desk.world.principals.set('key-anna', { ...principal });
    expect(await client.closed).toEqual({ code: 4403, reason: 'Permissions changed' });
  });

  it('may be given an earlier end, which the socket keeps', async () => {
    const client = await streaming('key-anna');
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    desk.world.principals.set('key-anna', { ...desk.world.principals.get('key-anna'), expiresAt });
    expect(await client.closed).toMatchObject({ code: 4403 });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });

  it('may have been signed for once, and is not asked for that again', async () => {
    const params = { apiKey: 'key-anna', signature: 's', timestamp: '1', nonce: 'n' };
    const client = await SocketClient.connect(desk.origin, params);
    await expect.poll(asked).toBeGreaterThanOrEqual(4);
    await client.settle();
    const again = await SocketClient.open(desk.origin);
    again.send({ type: 'connection_init', payload: params });
    expect(await again.closed).toEqual({ code: 4403, reason: 'NONCE_USED' });
    desk.world.principals.delete('key-anna');
    expect(await client.closed).toEqual({ code: 4403, reason: 'Credential ended' });
  });

  it('is asked about once a round, however many sockets live on it', async () => {
    for (let count = 0; count < 5; count += 1) await streaming('key-anna');
    const [before, from] = [asked(), performance.now()];
    await expect.poll(() => asked() - before, { interval: 10 }).toBe(3);
    expect(performance.now() - from).toBeGreaterThan(1200);
  });
});

describe('while credentials cannot be checked', () => {
  it('streams go on, and a token ends when it says', async () => {
    const principal = desk.world.principals.get('key-anna');
    const expiresAt = new Date(Date.now() + 3000).toISOString();
    desk.world.principals.set('token', { ...principal, expiresAt });
    const [client, short] = [await streaming('key-bert'), await streaming('token')];
    const failures = () =>
      desk.log.filter(({ msg }) => msg === 'could not check a credential').length;
    const restart = await desk.stopSubgraph('account');
    await expect.poll(failures).toBeGreaterThanOrEqual(2);
    desk.world.pushQuote('BTC-USDT', 1);
    expect(await client.next()).toMatchObject({ id: '1', type: 'next' });
    expect(await short.closed).toEqual({ code: 4403, reason: 'Credential expired' });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    await restart();
    const back = () => desk.log.find(({ msg }) => msg === 'credentials can be checked again');
    await expect.poll(back).toMatchObject({ lastedMs: expect.any(Number) });
    desk.world.principals.delete('key-bert');
    expect(await client.closed).toEqual({ code: 4403, reason: 'Credential ended' });
  });
});
