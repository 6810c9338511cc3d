// Whoever joins a market stream, at whatever moment, has a whole one: by their own calculation, and beside all others.
import { setTimeout as pause } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from './support/harness.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { StreamReader } from './support/stream-reader.ts';

const SEED = 1;
const JOINERS = 60;
/** Within this time they join, and each stays for a part of it. */
const WITHIN_MS = 4000;

interface Level {
  readonly price: string;
  readonly quantity: string;
}
interface Levels {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}
interface Placed {
  readonly sequence: string;
  readonly previousSequence?: string;
}
type ControlFrame =
  | (Placed & { readonly __typename: 'StreamGap' })
  | (Placed & { readonly __typename: 'StreamHeartbeat' });
type StateFrame = Placed &
  (
    | {
        readonly __typename: 'OrderBookSnapshot';
        readonly book: Levels & { readonly checksum: string };
      }
    | ({ readonly __typename: 'OrderBookUpdate'; readonly checksum: string } & Levels)
    | { readonly __typename: 'TradeSnapshot'; readonly trades: readonly Trade[] }
    | { readonly __typename: 'TradeUpdate'; readonly trade: Trade }
    | { readonly __typename: 'QuoteUpdate'; readonly conflated: number; readonly quote: object }
    | { readonly __typename: 'CandleUpdate'; readonly candle: Candle }
  );
type Frame = ControlFrame | StateFrame;
interface Trade {
  readonly sequence: string;
}
interface Candle {
  readonly openTime: string;
  readonly revision: number;
  readonly closed: boolean;
}

const CONTROL = '... on StreamGap { reason } ... on StreamHeartbeat { sequence }';
const LEVELS = 'checksum bids { price quantity } asks { price quantity }';
const TRADE = 'sequence tradeId price quantity aggressorSide exchangeTime';
const CANDLE =
  'openTime open high low close volume quoteVolume tradeCount closed revision lossReason gapBefore { from }';
const BOOK = `subscription ($symbol: ID!, $depth: Int!, $priceStep: Decimal) {
  orderBookChanged(symbol: $symbol, depth: $depth, priceStep: $priceStep) { __typename ${CONTROL}
    ... on OrderBookSnapshot { sequence book { ${LEVELS} } }
    ... on OrderBookUpdate { sequence previousSequence ${LEVELS} } } }`;
const TRADES = `subscription ($symbol: ID!) { tradeOccurred(symbol: $symbol) { __typename ${CONTROL}
    ... on TradeSnapshot { sequence trades { ${TRADE} } }
    ... on TradeUpdate { sequence previousSequence trade { ${TRADE} } } } }`;
const QUOTES = `subscription ($symbol: ID!, $delivery: DeliveryInput) {
  quoteChanged(symbols: [$symbol], delivery: $delivery) { __typename ${CONTROL}
    ... on QuoteUpdate { sequence previousSequence conflated
      quote { bidPrice bidQuantity askPrice askQuantity } } } }`;
const CANDLES = `subscription ($symbol: ID!) {
  candleChanged(symbol: $symbol, interval: ONE_SECOND) { __typename ${CONTROL}
    ... on CandleUpdate { sequence previousSequence candle { ${CANDLE} } } } }`;

/** The same numbers below 1 for the same seed. */
function numbersOf(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** What all of them have seen, which must be the same for all. */
class Seen {
  readonly #values = new Map<string, unknown>();

  agree(what: string, value: unknown): void {
    if (this.#values.has(what)) expect(value, what).toEqual(this.#values.get(what));
    else this.#values.set(what, value);
  }
}

/** Kraken's rule, from its documentation. */
function checksumOf({ bids, asks }: Levels): string {
  const digits = (text: string) => text.replace('.', '').replace(/^0+/, '');
  const side = (levels: readonly Level[]) =>
    levels.slice(0, 10).map(({ price, quantity }) => digits(price) + digits(quantity));
  return String(crc32([...side(asks), ...side(bids)].join('')));
}

/** One side of a book, made from the levels of a snapshot and then of each change. */
function changed(before: readonly Level[], changes: readonly Level[], sign: number): Level[] {
  const all = new Map(before.map((level) => [level.price, level]));
  for (const level of changes) {
    if (Number(level.quantity) > 0) all.set(level.price, level);
    else expect(all.delete(level.price), `there was a level at ${level.price}`).toBe(true);
  }
  return [...all.values()].toSorted((a, b) => sign * (Number(a.price) - Number(b.price)));
}

/** A stream of one kind as one client checks it. */
class Joiner {
  readonly #seen: Seen;
  readonly #name: string;
  readonly #depth: number;
  #last: string | null = null;
  #book: Levels = { bids: [], asks: [] };

  constructor(seen: Seen, name: string, depth: number) {
    this.#seen = seen;
    this.#name = name;
    this.#depth = depth;
  }

  take(frame: Frame): void {
    const last = this.#last;
    if (frame.__typename === 'StreamGap') {
      this.#last = null;
    } else if (frame.__typename === 'StreamHeartbeat') {
      if (last !== null) expect(frame.sequence, this.#name).toBe(last);
    } else {
      // What begins a stream, or goes on with it after a gap, is a whole state.
      if (last === null)
        expect(frame.__typename, this.#name).not.toMatch(/^(OrderBook|Trade)Update/);
      else expect(frame.previousSequence ?? last, this.#name).toBe(last);
      this.#last = frame.sequence;
      this.#look(frame);
    }
  }

  #look(frame: StateFrame): void {
    const { sequence, previousSequence = '0' } = frame;
    switch (frame.__typename) {
      case 'OrderBookSnapshot':
        this.#book = { bids: [], asks: [] };
        return this.#change(sequence, frame.book);
      case 'OrderBookUpdate':
        return this.#change(sequence, frame);
      case 'TradeSnapshot':
        for (const trade of frame.trades) this.#agree(trade.sequence, trade);
        return;
      case 'TradeUpdate':
        expect(Number(sequence), this.#name).toBe(Number(previousSequence) + 1);
        return this.#agree(sequence, frame.trade);
      case 'QuoteUpdate':
        expect(Number(sequence), this.#name).toBe(Number(previousSequence) + 1 + frame.conflated);
        return this.#agree(sequence, frame.quote);
      case 'CandleUpdate':
        if (frame.candle.closed)
          this.#agree(`${frame.candle.openTime} ${frame.candle.revision}`, frame.candle);
    }
  }

  #change(
    sequence: string,
    { bids, asks, checksum }: Levels & { readonly checksum: string },
  ): void {
    this.#book = {
      bids: changed(this.#book.bids, bids, -1),
      asks: changed(this.#book.asks, asks, 1),
    };
    expect(checksumOf(this.#book), `${this.#name} ${sequence}`).toBe(checksum);
    expect(this.#book.bids.length, this.#name).toBeLessThanOrEqual(this.#depth);
    expect(this.#book.asks.length, this.#name).toBeLessThanOrEqual(this.#depth);
    this.#agree(sequence, this.#book);
  }

  #agree(place: string, value: unknown): void {
    this.#seen.agree(`${this.#name} ${place}`, value);
  }
}

describe('late joiners', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await shareDesk('moving');
  });
  afterAll(() => desk.stop());

  it(`have whole streams, and the same as all others (seed ${SEED})`, async () => {
    const next = numbersOf(SEED);
    const oneOf = <T>(all: readonly T[]) => all[Math.floor(next() * all.length)] as T;
    const clients = Array.from({ length: 8 }, () => desk.anonymous());
    const seen = new Seen();
    const taken = new Map<string, number>();
    const joins = Array.from({ length: JOINERS }, async () => {
      const [client, symbol] = [oneOf(clients), oneOf(['BTC-USDT', 'ETH-USDT'])];
      const [depth, priceStep] = [oneOf([5, 10, 20, 100]), oneOf([null, null, '0.1', '5'])];
      const delivery = oneOf([{ mode: 'ALL' }, { mode: 'LATEST' }, { maxPerSecond: 5 }]);
      const [kind, query, variables] = oneOf([
        [`book ${depth} ${priceStep}`, BOOK, { symbol, depth, priceStep }],
        [`book ${depth} ${priceStep}`, BOOK, { symbol, depth, priceStep }],
        ['trades', TRADES, { symbol }],
        ['quotes', QUOTES, { symbol, delivery }],
        ['candles', CANDLES, { symbol }],
      ] as const);
      const [afterMs, staysMs] = [next() * WITHIN_MS, next() * WITHIN_MS];
      await pause(afterMs);
      const joiner = new Joiner(seen, `${kind} of ${symbol}`, depth);
      const stream = client.subscribe<Frame>(query, variables);
      for (const frame of await framesOf(stream, staysMs)) {
        joiner.take(frame);
        taken.set(query, (taken.get(query) ?? 0) + 1);
      }
    });
    await Promise.all(joins);
    expect([...taken.keys()]).toHaveLength(4);
  });
});

/** What a stream brings until the time is over, its first frame at least. */
async function framesOf(stream: StreamReader<Frame>, forMs: number): Promise<readonly Frame[]> {
  const frames = [await stream.next()];
  const endMs = performance.now() + forMs;
  for (let leftMs = forMs; leftMs > 0; leftMs = endMs - performance.now()) {
    const frame = await stream.next(leftMs).catch(nothingInTime);
    if (frame === null) break;
    frames.push(frame);
  }
  stream.close();
  return frames;
}

/** @throws any other failure */
function nothingInTime(cause: Error): null {
  if (cause.message === 'Nothing came in time.') return null;
  throw cause;
}
