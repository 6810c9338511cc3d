// Markets for tests: instruments, levels and feed events in few words.
import type { Clock } from '#shared/domain/clock.ts';
import {
  type InstrumentSymbol,
  parseAssetCode,
  parseInstrumentSymbol,
  trusted,
} from '#shared/domain/ids.ts';
import type { Instrument, InstrumentStatus } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { type Price, parsePrice, priceOfUnits } from '#shared/domain/price.ts';
import { parseQuantity, type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { FeedEvent } from './domain/feed-event.ts';
import type { BookLevels, Level } from './domain/book/level.ts';
import { Markets } from './domain/markets.ts';
import type { MarketState } from './domain/market-state.ts';
import type { KnownTo } from './domain/book/order-book.ts';
import type { MarketTrade } from './domain/trade.ts';

/** A price from text. */
export function price(text: string): Price {
  const parsed = parsePrice(text);
  invariant(parsed !== null, `${text} is no price`);
  return parsed;
}

/** A quantity from text. */
export function quantity(text: string): Quantity {
  const parsed = parseQuantity(text);
  invariant(parsed !== null, `${text} is no quantity`);
  return parsed;
}

/** An instrument with tick 10^-priceScale and step 10^-quantityScale. */
export function instrument(symbol: string, priceScale: number, quantityScale: number): Instrument {
  const [base = '', quote = ''] = symbol.split('-');
  return {
    symbol: trusted(parseInstrumentSymbol, symbol),
    base: trusted(parseAssetCode, base),
    quote: trusted(parseAssetCode, quote),
    status: 'TRADING',
    priceScale,
    quantityScale,
    quoteScale: 8,
    tickSize: priceOfUnits(10n ** BigInt(18 - priceScale)),
    quantityStep: quantityOfUnits(10n ** BigInt(18 - quantityScale)),
    minQuantity: quantityOfUnits(10n ** BigInt(18 - quantityScale)),
    maxQuantity: quantity('1000'),
    minNotional: moneyOfUnits(0n),
    maxNotional: moneyOfUnits(10n ** 30n),
    makerFeeRate: 0n,
    takerFeeRate: 0n,
    collarRate: 10n ** 17n,
    maxQuoteAgeMs: 2000,
  };
}

/** The two instruments of the recordings. */
export const BTC_USDT = instrument('BTC-USDT', 2, 5);
/** See {@link BTC_USDT}. */
export const ETH_USDT = instrument('ETH-USDT', 2, 4);

/** Levels from text: `'1.5 @ 100, 2 @ 99'`. */
export function levels(text: string): Level[] {
  return text === ''
    ? []
    : text.split(', ').map((level) => {
        const [quantityText = '', priceText = ''] = level.split(' @ ');
        return { price: price(priceText), quantity: quantity(quantityText) };
      });
}

/** The amounts of a level, to compare them with others: a level of a row shows none by itself. */
export function plainLevel(level: Level | null): Level | null {
  return level === null ? null : { price: level.price, quantity: level.quantity };
}

/** Events with the levels that their rows hold and without their reader's book, to compare them with others. */
export function plain(events: readonly FeedEvent[]): FeedEvent[] {
  return events.map((event) => {
    if (event.kind === 'quote')
      return { ...event, bid: plainLevel(event.bid), ask: plainLevel(event.ask) };
    if (!('bids' in event)) return event;
    const { book: _book, bids, asks, ...others } = event;
    return { ...others, bids: [...bids], asks: [...asks] };
  });
}

/** A side as text, in its order: the reverse of {@link levels}. */
export function drawn({ bids, asks }: BookLevels): { bids: string; asks: string } {
  const side = (all: readonly Level[]) =>
    all.map(({ price: p, quantity: q }) => `${q / 10n ** 18n} @ ${p / 10n ** 18n}`).join(', ');
  return { bids: side(bids), asks: side(asks) };
}

/** Both sides with every digit that matters, in their order. */
export function drawnExactly({ bids, asks }: BookLevels): string {
  const side = (all: readonly Level[]) => all.map(({ price: p, quantity: q }) => `${q} @ ${p}`);
  return [...side(bids), '|', ...side(asks)].join(', ');
}

/** A clock that stands until it is moved. */
export class TestClock implements Clock {
  nowMs = 1_700_000_000_000;

  now(): number {
    return this.nowMs;
  }

  pass(ms: number): void {
    this.nowMs += ms;
  }
}

/** One connected market of BTC-USDT with a way to move it. */
export class TestMarket {
  readonly clock = new TestClock();
  readonly markets: Markets;
  readonly market: MarketState;
  readonly symbol: InstrumentSymbol = BTC_USDT.symbol;
  #trades = 0;

  /** @param options.isOpening whether the market begins with it; else it was there before us */
  constructor(venue = 'test', { isOpening = true }: { readonly isOpening?: boolean } = {}) {
    this.markets = new Markets({
      instruments: [BTC_USDT, ETH_USDT],
      venue,
      nowMs: this.clock.now(),
    });
    const market = this.markets.get(this.symbol);
    invariant(market !== undefined, 'the test market has no BTC-USDT');
    this.market = market;
    const connection = { kind: 'connection', isConnected: true } as const;
    const opening = { ...connection, isOpening: true } as const;
    this.markets.apply(isOpening ? opening : connection, this.clock.now());
  }

  connect(isConnected: boolean): void {
    this.markets.apply({ kind: 'connection', isConnected }, this.clock.now());
  }

  /** A quote with this bid and an ask one above it. */
  quote(bid: number): void {
    this.#apply({
      kind: 'quote',
      bid: levels(`1 @ ${bid}`)[0] ?? null,
      ask: levels(`1 @ ${bid + 1}`)[0] ?? null,
    });
  }

  /** @param knownTo to where the venue has sent all bids, if it has more */
  snapshot(bids: string, asks: string, knownTo?: string): void {
    const limit = knownTo === undefined ? {} : { knownTo: bidsKnownTo(knownTo) };
    this.#apply({ kind: 'bookSnapshot', ...limit, bids: levels(bids), asks: levels(asks) });
  }

  change(bids: string, asks: string): void {
    this.#apply({ kind: 'bookUpdate', bids: levels(bids), asks: levels(asks) });
  }

  /** The venue's list says that it trades, or does not; null if it does not list it. */
  list(status: InstrumentStatus | null): void {
    const { symbol, venue } = { symbol: this.symbol, venue: this.market.venue };
    const { tickSize, quantityStep } = BTC_USDT;
    const limits = { minQuantity: null, maxQuantity: null, minNotional: null, maxNotional: null };
    const terms = { tickSize, quantityStep, ...limits, orderTypes: [] };
    const listing = status && { venue, venueSymbol: 'BTCUSDT', symbol, status, ...terms };
    this.markets.apply({ kind: 'listing', symbol, listing }, this.clock.now());
  }

  lose(kind: 'bookLost' | 'tradesLost'): void {
    this.markets.apply({ kind, symbol: this.symbol }, this.clock.now());
  }

  trade(atMs: number, text = '1 @ 100'): void {
    this.markets.apply(this.#print(atMs, text), this.clock.now());
  }

  /** A trade that another process has counted, at that time as well. */
  hearTrade(sequence: number): void {
    this.markets.apply({ ...this.#print(sequence, '1 @ 100'), sequence }, this.clock.now());
  }

  #print(atMs: number, text: string): FeedEvent & { readonly kind: 'trade' } {
    this.#trades += 1;
    const [level] = levels(text);
    invariant(level !== undefined, 'a trade needs a price');
    return {
      kind: 'trade',
      symbol: this.symbol,
      tradeId: String(this.#trades),
      ...level,
      aggressorSide: 'BUY',
      exchangeTimeMs: atMs,
    };
  }

  #apply(
    event:
      | { kind: 'quote'; bid: Level | null; ask: Level | null }
      | ({ kind: 'bookSnapshot'; knownTo?: KnownTo } & BookLevels)
      | ({ kind: 'bookUpdate' } & BookLevels),
  ): void {
    const place = { symbol: this.symbol, exchangeTimeMs: null };
    this.markets.apply({ ...event, ...place }, this.clock.now());
  }
}

function bidsKnownTo(text: string): KnownTo {
  return { bid: { price: price(text) }, ask: null };
}

/** A trade of BTC-USDT at an exchange time. */
export function trade(atMs: number, text: string, more: Partial<MarketTrade> = {}): MarketTrade {
  const [level] = levels(text);
  invariant(level !== undefined, 'a trade needs a price');
  return {
    symbol: BTC_USDT.symbol,
    tradeId: '1',
    ...level,
    aggressorSide: 'BUY',
    exchangeTimeMs: atMs,
    receivedAtMs: atMs,
    sequence: 1,
    ...more,
  };
}
