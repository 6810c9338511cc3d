// A client that stops reading is played by a paused socket. The kernel takes megabytes for it, so that
// only the byte credit shows that it has stopped.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PlayedGateway, startPlayedGateway } from '../fixtures/played-gateway.ts';
import {
  anOrderEvent,
  anOrderSnapshot,
  aQuote,
  aTrade,
  aTradeSnapshot,
  CAREFUL,
} from '../fixtures/played-events.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

const KILOBYTE = 1024;
const SYMBOLS = ['A-B', 'C-D', 'E-F'];
/** Of a quote, about 300 bytes: a good deal more than the credit in all. */
const UPDATES = 1500;
/** Of a quote or a trade: more than the credit and what may wait behind it together. */
const PAST_THE_BOUND = 5 * UPDATES;

let gateway: PlayedGateway;
let clients: SocketClient[];
beforeEach(async () => {
  gateway = await startPlayedGateway();
  clients = [];
});
afterEach(async () => {
  for (const { webSocket } of clients) webSocket.terminate();
  await gateway.stop();
});

interface Event {
  readonly __typename: string;
  readonly sequence?: string;
  readonly previousSequence?: string;
  readonly fromSequence?: string | null;
  readonly toSequence?: string | null;
  readonly reason?: string;
  readonly instrumentSymbol?: string;
  readonly quote?: { readonly symbol: string };
}

async function connect(apiKey?: string): Promise<SocketClient> {
  const client = await SocketClient.connect(gateway.origin, apiKey ? { apiKey } : undefined);
  clients.push(client);
  return client;
}

async function nextEvent(client: SocketClient): Promise<Event> {
  const { payload } = await client.next();
  return Object.values((payload as unknown as { data: Record<string, Event> }).data)[0] as Event;
}

const symbolOf = ({ quote, instrumentSymbol }: Event) => quote?.symbol ?? instrumentSymbol ?? '';

/** Plays quotes of all symbols, one after the other, in many turns of the loop. */
async function playQuotes(from: number, to: number): Promise<void> {
  for (let sequence = from; sequence <= to; sequence += 1) {
    for (const stream of gateway.streams.openOf('quoteChanged'))
      stream.next(
        aQuote((stream.request.variables['deskgraph_symbols'] as string[])[0] ?? '', sequence),
      );
    if (sequence % 25 === 0) await gateway.turn();
  }
}

async function playTrades(from: number, to: number): Promise<void> {
  for (let sequence = from; sequence <= to; sequence += 1) {
    for (const stream of gateway.streams.openOf('tradeOccurred'))
      stream.next(aTrade('A-B', sequence));
    if (sequence % 25 === 0) await gateway.turn();
  }
}

describe('a client that stops reading quotes', () => {
  it('holds up nobody, costs little, and reads the newest of each symbol with its gap told', async () => {
    const others = await Promise.all(Array.from({ length: 5 }, () => connect()));
    const slow = await connect();
    for (const client of [...others, slow])
      client.subscribe('1', CAREFUL.quotes, { symbols: SYMBOLS });
    await expect.poll(() => gateway.streams.openOf('quoteChanged').length).toBe(3);
    await expect.poll(() => gateway.hub.counts.members).toBe(18);
    await playQuotes(1, 1);
    const last = new Map<string, Event>();
    for (const _ of SYMBOLS) {
      const event = await nextEvent(slow);
      last.set(symbolOf(event), event);
    }
    slow.webSocket.pause();
    await playQuotes(2, UPDATES);
    expect(gateway.sockets.load().mostBytes).toBeLessThan(100 * KILOBYTE);
    for (const other of others) {
      const seen = new Map<string, number>();
      while ([...seen.values()].filter((count) => count === UPDATES).length < SYMBOLS.length) {
        const event = await nextEvent(other);
        const count = seen.get(symbolOf(event)) ?? 0;
        expect(event).toMatchObject({ sequence: `${count + 1}`, previousSequence: `${count}` });
        seen.set(symbolOf(event), count + 1);
      }
    }
    slow.webSocket.resume();
    const gaps: Event[] = [];
    let received = SYMBOLS.length;
    while ([...last.values()].some(({ sequence }) => sequence !== `${UPDATES}`)) {
      const event = await nextEvent(slow);
      const before = last.get(symbolOf(event));
      if (event.__typename === 'StreamGap') {
        expect(event).toMatchObject({ reason: 'SLOW_CONSUMER', fromSequence: before?.sequence });
        gaps.push(event);
        continue;
      }
      const gap = gaps.find((one) => symbolOf(one) === symbolOf(event));
      const isExplained = gap?.toSequence === event.sequence;
      if (!isExplained) expect(event.previousSequence).toBe(before?.sequence);
      last.set(symbolOf(event), event);
      received += 1;
    }
    expect(await gateway.metrics.text()).toContain(
      `deskgraph_frames_conflated_total ${SYMBOLS.length * UPDATES - received}\n`,
    );
    expect(gaps.map(symbolOf).sort()).toEqual(SYMBOLS);
    await playQuotes(UPDATES + 1, UPDATES + 1);
    expect(await nextEvent(slow)).toMatchObject({ previousSequence: `${UPDATES}` });
  });

  it('just goes on with the newest if it did not ask to learn of gaps', async () => {
    const slow = await connect();
    const query =
      'subscription { quoteChanged(symbols: ["A-B"]) { ... on QuoteUpdate { n: sequence quote { symbol venue receivedTime bidPrice askPrice } } } }';
    slow.subscribe('1', query);
    await expect.poll(() => gateway.streams.openOf('quoteChanged').length).toBe(1);
    slow.webSocket.pause();
    await playQuotes(1, 2 * UPDATES);
    slow.webSocket.resume();
    let count = 0;
    for (let number = '0'; number !== `${2 * UPDATES}`; count += 1)
      number = ((await nextEvent(slow)) as unknown as { n: string }).n;
    expect(count).toBeLessThan(2 * UPDATES);
  });

  it('has every update in mode ALL, or a gap and the present state', async () => {
    const slow = await connect();
    const delivery = { mode: 'ALL' };
    slow.subscribe('1', CAREFUL.quotes, { symbols: ['A-B'], delivery });
    await expect.poll(() => gateway.streams.openOf('quoteChanged').length).toBe(1);
    slow.webSocket.pause();
    gateway.streams.onOpen = (stream) => stream.next(aQuote('A-B', PAST_THE_BOUND));
    await playQuotes(1, PAST_THE_BOUND);
    expect(gateway.sockets.load().mostBytes).toBeLessThan(100 * KILOBYTE);
    slow.webSocket.resume();
    let last = 0;
    let event = await nextEvent(slow);
    for (; event.__typename === 'QuoteUpdate'; event = await nextEvent(slow)) {
      expect(event.sequence).toBe(`${last + 1}`);
      last += 1;
    }
    expect(event).toMatchObject({ reason: 'SLOW_CONSUMER', fromSequence: `${last}` });
    expect(await nextEvent(slow)).toMatchObject({ sequence: `${PAST_THE_BOUND}` });
  });
});

describe('a client that stops reading trades', () => {
  beforeEach(() => {
    gateway.streams.onOpen = (stream) => stream.next(aTradeSnapshot('A-B', 0));
  });

  it('learns of the gap and begins again with a snapshot, and the others miss nothing', async () => {
    const [slow, quick] = [await connect(), await connect()];
    for (const client of [slow, quick]) client.subscribe('1', CAREFUL.trades, { symbol: 'A-B' });
    for (const client of [slow, quick])
      expect(await nextEvent(client)).toMatchObject({ __typename: 'TradeSnapshot' });
    slow.webSocket.pause();
    gateway.streams.onOpen = (stream) => stream.next(aTradeSnapshot('A-B', PAST_THE_BOUND));
    await playTrades(1, PAST_THE_BOUND);
    expect(gateway.sockets.load().mostBytes).toBeLessThan(100 * KILOBYTE);
    for (let sequence = 1; sequence <= PAST_THE_BOUND; sequence += 1)
      expect((await nextEvent(quick)).sequence).toBe(`${sequence}`);
    slow.webSocket.resume();
    let event = await nextEvent(slow);
    let last = 0;
    for (; event.__typename === 'TradeUpdate'; event = await nextEvent(slow)) last += 1;
    expect(event).toMatchObject({
      reason: 'SLOW_CONSUMER',
      fromSequence: `${last}`,
      toSequence: null,
    });
    expect(await nextEvent(slow)).toMatchObject({
      __typename: 'TradeSnapshot',
      sequence: `${PAST_THE_BOUND}`,
    });
    await playTrades(PAST_THE_BOUND + 1, PAST_THE_BOUND + 1);
    for (const client of [slow, quick])
      expect(await nextEvent(client)).toMatchObject({ sequence: `${PAST_THE_BOUND + 1}` });
  });

  it('has its stream ended if it did not ask to learn of gaps', async () => {
    const slow = await connect();
    slow.subscribe('1', CAREFUL.trades.replace(/... on StreamGap.*/, ''), { symbol: 'A-B' });
    await nextEvent(slow);
    slow.webSocket.pause();
    await playTrades(1, PAST_THE_BOUND);
    slow.webSocket.resume();
    let message = await slow.next();
    while (message.type === 'next') message = await slow.next();
    expect(message).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ extensions: { code: 'SLOW_CONSUMER' } }],
    });
    await expect.poll(() => gateway.hub.counts.members).toBe(0);
  });
});

describe('a client that stops reading and goes on pinging', () => {
  it('is answered no more than may wait for it', async () => {
    const client = await connect();
    client.subscribe('1', CAREFUL.quotes, { symbols: ['A-B'] });
    await expect.poll(() => gateway.hub.counts.members).toBe(1);
    client.webSocket.pause();
    // As many as a socket may send at once, and then one that can be seen to have come.
    for (let count = 0; count < 97; count += 1)
      client.send({ type: 'ping', payload: { text: 'x'.repeat(63 * KILOBYTE) } });
    client.send({ id: '1', type: 'complete' });
    await expect.poll(() => gateway.hub.counts.members).toBe(0);
    expect(gateway.sockets.load().mostBytes).toBeLessThan(1100 * KILOBYTE);
  });
});

describe('a client that stops reading its orders', () => {
  const wide = 'x'.repeat(KILOBYTE);
  const play = async (from: number, to: number) => {
    for (let sequence = from; sequence <= to; sequence += 1) {
      for (const stream of gateway.streams.openOf('orderEvents'))
        stream.next(anOrderEvent('anna', sequence, wide));
      if (sequence % 25 === 0) await gateway.turn();
    }
  };
  beforeEach(() => {
    gateway.streams.onOpen = (stream) => {
      if (stream.request.query.includes('orderEvents')) stream.next(anOrderSnapshot('anna', 0));
    };
  });

  it('gets all of them in order when what waited had room', async () => {
    const anna = await connect('anna');
    anna.subscribe('1', CAREFUL.orders, { id: 'anna' });
    await nextEvent(anna);
    anna.webSocket.pause();
    await play(1, 900);
    expect(gateway.sockets.load().mostBytes).toBeGreaterThan(500 * KILOBYTE);
    anna.webSocket.resume();
    for (let sequence = 1; sequence <= 900; sequence += 1)
      expect(await nextEvent(anna)).toMatchObject({ sequence: `${sequence}` });
    expect(gateway.sockets.load().mostBytes).toBe(0);
  });

  it('has the stream ended past the bound, with the cursor behind which it goes on', async () => {
    const anna = await connect('anna');
    anna.subscribe('quotes', CAREFUL.quotes, { symbols: ['A-B'] });
    anna.subscribe('orders', CAREFUL.orders, { id: 'anna' });
    await nextEvent(anna);
    anna.webSocket.pause();
    await play(1, 3000);
    expect(gateway.sockets.load().mostBytes).toBeLessThan(100 * KILOBYTE);
    anna.webSocket.resume();
    let last = 0;
    let message = await anna.next();
    for (; message.type === 'next'; message = await anna.next()) last += 1;
    expect(message).toMatchObject({
      id: 'orders',
      type: 'error',
      payload: [{ extensions: { code: 'SLOW_CONSUMER', retryable: true, cursor: `anna:${last}` } }],
    });
    await playQuotes(1, 1);
    expect(await anna.next()).toMatchObject({ id: 'quotes', type: 'next' });
  });
});
