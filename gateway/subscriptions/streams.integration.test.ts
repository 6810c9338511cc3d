import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

let desk: DeskFixture;
let clients: SocketClient[];
beforeEach(async () => {
  desk = await startDeskFixture();
  clients = [];
  const scopes = ['market:read', 'account:read', 'trade:read'];
  desk.world.addTrader('key-anna', { userId: 'anna', accounts: ['acc-anna', 'joint'], scopes });
  desk.world.addTrader('key-bob', { userId: 'bob', accounts: ['acc-bob', 'joint'], scopes });
});
afterEach(async () => {
  for (const { webSocket } of clients) webSocket.terminate();
  await desk.stop();
});

async function connect(apiKey?: string): Promise<SocketClient> {
  const client = await SocketClient.connect(desk.origin, apiKey ? { apiKey } : undefined);
  clients.push(client);
  return client;
}

const sequenceOf = (message: unknown) =>
  (message as { payload: { data: { quoteChanged: { sequence: string } } } }).payload.data
    .quoteChanged.sequence;
const callsTo = (field: string) => desk.world.calls.filter((call) => call.startsWith(field));

const QUOTES = `subscription Quotes($symbols: [ID!]!) {
  quoteChanged(symbols: $symbols) { ... on QuoteUpdate { sequence quote { symbol bidPrice } } }
}`;
const ORDERS = `subscription ($id: ID!) {
  orderEvents(accountId: $id) { ... on OrderSnapshot { cursor account { id name } } }
}`;

describe('a market stream', () => {
  it('is opened once for all who want it, however they write it, in the name of the gateway', async () => {
    desk.world.pushQuote('BTC-USDT', 1);
    const [anna, bob, nobody] = [
      await connect('key-anna'),
      await connect('key-bob'),
      await connect(),
    ];
    anna.subscribe('a', QUOTES, { symbols: ['BTC-USDT'] });
    bob.subscribe('b', QUOTES.replace('Quotes', 'Renamed'), { symbols: 'BTC-USDT' });
    nobody.subscribe(
      'c',
      QUOTES.replace('($symbols: [ID!]!)', '').replace('$symbols', '["BTC-USDT"]'),
    );
    for (const client of [anna, bob, nobody]) expect(sequenceOf(await client.next())).toBe('1');
    desk.world.pushQuote('BTC-USDT', 2);
    for (const client of [anna, bob, nobody]) expect(sequenceOf(await client.next())).toBe('2');
    expect(callsTo('quoteChanged')).toEqual(['quoteChanged(BTC-USDT) service:gateway']);
    expect(desk.world.quotesOf('BTC-USDT').opened).toBe(1);
  });

  it('sends a late joiner the last state first and then what follows, without gap or double', async () => {
    const early = await connect();
    early.subscribe('1', QUOTES, { symbols: ['BTC-USDT'] });
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open).toBe(1);
    for (const sequence of [1, 2, 3]) desk.world.pushQuote('BTC-USDT', sequence);
    for (const sequence of ['1', '2', '3']) expect(sequenceOf(await early.next())).toBe(sequence);
    const late = await connect();
    late.subscribe('late', QUOTES, { symbols: ['BTC-USDT'] });
    expect(sequenceOf(await late.next())).toBe('3');
    desk.world.pushQuote('BTC-USDT', 4);
    expect(sequenceOf(await late.next())).toBe('4');
    expect(desk.world.quotesOf('BTC-USDT').opened).toBe(1);
  });

  it('sends a late joiner the heartbeat after the last state too, which shows that it is stale', async () => {
    const quotes = QUOTES.replace('{ ...', '{ ... on StreamHeartbeat { sequence sourceAgeMs } ...');
    const early = await connect();
    early.subscribe('1', quotes, { symbols: ['BTC-USDT'] });
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open).toBe(1);
    desk.world.pushQuote('BTC-USDT', 1);
    desk.world.beat('BTC-USDT', { sequence: '1', sourceAgeMs: 1000 });
    desk.world.beat('BTC-USDT', { sequence: '1', sourceAgeMs: 6000 });
    const [state, , stale] = [await early.next(), await early.next(), await early.next()];
    const late = await connect();
    late.subscribe('x', quotes, { symbols: ['BTC-USDT'] });
    for (const { payload } of [state, stale])
      expect(await late.next()).toEqual({ id: 'x', type: 'next', payload });
    late.subscribe('y', quotes.replace('bidPrice } }', 'bidPrice } } __typename'), {
      symbols: ['BTC-USDT'],
    });
    expect(sequenceOf(await late.next())).toBe('1');
    expect(await late.next()).toMatchObject({
      id: 'y',
      payload: { data: { quoteChanged: { sequence: '1', sourceAgeMs: 6000 } } },
    });
    expect(desk.world.quotesOf('BTC-USDT').opened).toBe(1);
  });

  it('shares each symbol of lists that differ', async () => {
    desk.world.pushQuote('BTC-USDT', 1);
    desk.world.pushQuote('ETH-USDT', 7);
    const [both, one] = [await connect(), await connect()];
    both.subscribe('1', QUOTES, { symbols: ['BTC-USDT', 'ETH-USDT'] });
    one.subscribe('1', QUOTES, { symbols: ['ETH-USDT'] });
    expect([await both.next(), await both.next()].map(sequenceOf).sort()).toEqual(['1', '7']);
    expect(sequenceOf(await one.next())).toBe('7');
    expect(callsTo('quoteChanged')).toHaveLength(2);
  });

  it('is closed at its source when the last one has left, and then opened again', async () => {
    const client = await connect();
    client.subscribe('1', QUOTES, { symbols: ['BTC-USDT'] });
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open).toBe(1);
    client.send({ id: '1', type: 'complete' });
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open).toBe(0);
    desk.world.pushQuote('BTC-USDT', 5);
    client.subscribe('1', QUOTES, { symbols: ['BTC-USDT'] });
    expect(sequenceOf(await client.next())).toBe('5');
    client.webSocket.terminate();
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open).toBe(0);
  });

  it('of deltas sends a late joiner the snapshot and all that followed', async () => {
    const trades = `subscription { tradeOccurred(symbol: "BTC-USDT") {
      __typename ... on TradeSnapshot { sequence } ... on TradeUpdate { number: sequence } } }`;
    const update = (sequence: number) => ({
      tradeOccurred: { __typename: 'TradeUpdate', sequence: `${sequence}`, previousSequence: '0' },
    });
    const early = await connect();
    early.subscribe('1', trades);
    const snapshot = (await early.next()).payload;
    for (const sequence of [1, 2]) desk.world.trades.push(update(sequence));
    const first = (await early.next()).payload;
    const second = (await early.next()).payload;
    const late = await connect();
    late.subscribe('x', trades);
    desk.world.trades.push(update(3));
    const third = (await early.next()).payload;
    for (const payload of [snapshot, first, second, third])
      expect(await late.next()).toEqual({ id: 'x', type: 'next', payload });
    expect(desk.world.trades.opened).toBe(1);
  });

  it('refuses with the words of its owner', async () => {
    const client = await connect();
    client.subscribe('1', QUOTES, { symbols: ['NO-SUCH'] });
    expect(await client.next()).toMatchObject({
      id: '1',
      type: 'error',
      payload: [
        { message: 'There is no instrument NO-SUCH.', extensions: { code: 'BAD_USER_INPUT' } },
      ],
    });
  });

  it('comes back by itself after its source was lost, and tells who asked to be told', async () => {
    desk.world.pushQuote('BTC-USDT', 1);
    const [told, untold] = [await connect(), await connect()];
    told.subscribe(
      '1',
      `subscription { quoteChanged(symbols: ["BTC-USDT"]) {
      ... on QuoteUpdate { sequence } ... on StreamGap { why: reason from: fromSequence } } }`,
    );
    untold.subscribe('2', QUOTES, { symbols: ['BTC-USDT'] });
    expect(sequenceOf(await told.next())).toBe('1');
    expect(sequenceOf(await untold.next())).toBe('1');
    const restart = await desk.stopSubgraph('market-data');
    expect(await told.next()).toMatchObject({
      payload: { data: { quoteChanged: { why: 'FAILOVER', from: null } } },
    });
    expect(await untold.next()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'STREAM_INTERRUPTED', retryable: true } }],
    });
    untold.subscribe('3', QUOTES, { symbols: ['ETH-USDT'] });
    expect(await untold.next()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'UNAVAILABLE' } }],
    });
    await restart();
    desk.world.pushQuote('BTC-USDT', 9);
    expect(sequenceOf(await told.next())).toBe('9');
  });
});

describe('a private stream', () => {
  it('belongs to its viewer: two users with one document see nothing of each other', async () => {
    const [anna, bob] = [await connect('key-anna'), await connect('key-bob')];
    for (const client of [anna, bob]) client.subscribe('1', ORDERS, { id: 'joint' });
    const snapshot = (name: string) => ({
      payload: {
        data: { orderEvents: { cursor: name, account: { id: 'joint', name: 'Account joint' } } },
      },
    });
    expect(await anna.next()).toMatchObject(snapshot('anna'));
    expect(await bob.next()).toMatchObject(snapshot('bob'));
    expect(callsTo('orderEvents').sort()).toEqual([
      'orderEvents trader:anna',
      'orderEvents trader:bob',
    ]);
    expect(callsTo('Account').sort()).toEqual(['Account trader:anna', 'Account trader:bob']);
    bob.subscribe('2', ORDERS, { id: 'acc-anna' });
    expect(await bob.next()).toMatchObject({
      id: '2',
      type: 'error',
      payload: [{ extensions: { code: 'NOT_FOUND' } }],
    });
  });

  it('delivers an event without what another subgraph does not give, and says so', async () => {
    const anna = await connect('key-anna');
    const restart = await desk.stopSubgraph('account');
    anna.subscribe('1', ORDERS, { id: 'acc-anna' });
    const message = await anna.next();
    expect(message).toMatchObject({
      type: 'next',
      payload: {
        errors: [
          {
            message: "The desk's account system did not respond in time.",
            extensions: { code: 'UNAVAILABLE', outcome: 'NOT_APPLIED' },
          },
        ],
      },
    });
    expect(JSON.stringify(message)).not.toMatch(/127\.0\.0\.1|ECONN|serviceName/);
    await restart();
  });

  it('gives every null its error', async () => {
    const anna = await connect('key-anna');
    anna.subscribe('1', ORDERS, { id: 'acc-anna' });
    await anna.next();
    desk.world.orderEventsOf('acc-anna').push({
      orderEvents: {
        __typename: 'OrderSnapshot',
        account: { id: 'acc-bob' },
        openOrders: [],
        fills: [],
        sequence: '1',
        cursor: 'x',
      },
    });
    const { payload } = (await anna.next()) as { payload?: object };
    expect(payload).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect(payload).not.toHaveProperty('extensions');
  });

  it('ends when its source is lost, so that the client goes on after its cursor', async () => {
    const anna = await connect('key-anna');
    anna.subscribe('1', ORDERS, { id: 'acc-anna' });
    await anna.next();
    const restart = await desk.stopSubgraph('order');
    expect(await anna.next()).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ extensions: { code: 'STREAM_INTERRUPTED' } }],
    });
    await restart();
    anna.subscribe('1', ORDERS, { id: 'acc-anna' });
    expect(await anna.next()).toMatchObject({ id: '1', type: 'next' });
  });

  it('ends alone if an event of it is too large, and those of others go on', async () => {
    const [anna, bob] = [await connect('key-anna'), await connect('key-bob')];
    const push = (id: string, cursor: string) => {
      const event = { __typename: 'OrderSnapshot', account: { id }, openOrders: [], fills: [] };
      desk.world.orderEventsOf(id).push({ orderEvents: { ...event, sequence: '1', cursor } });
    };
    anna.subscribe('1', ORDERS, { id: 'acc-anna' });
    bob.subscribe('1', ORDERS, { id: 'acc-bob' });
    for (const client of [anna, bob]) await client.next();
    push('acc-anna', 'x'.repeat(17 * 1024 * 1024));
    expect(await anna.next()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    await expect.poll(() => desk.world.orderEventsOf('acc-anna').open).toBe(0);
    push('acc-bob', 'next');
    expect(await bob.next()).toMatchObject({
      type: 'next',
      payload: { data: { orderEvents: { cursor: 'next' } } },
    });
  });

  it('is closed at its source as soon as its client leaves', async () => {
    const anna = await connect('key-anna');
    anna.subscribe('1', ORDERS, { id: 'acc-anna' });
    await anna.next();
    anna.webSocket.terminate();
    await expect.poll(() => desk.world.orderEventsOf('acc-anna').open).toBe(0);
  });
});
