import { ageOf } from '#shared/domain/age.ts';
import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { parsePrice, type Price } from '#shared/domain/price.ts';
import { parseQuantity } from '#shared/domain/quantity.ts';
import type { ConsolidatedDepth, LevelText, MarketDepth } from '#shared/events/topics.ts';
import { type HouseInventoryValue, inventoryRoom, quotableRoom } from '../domain/house-skew.ts';
import type { OrderSide } from '../domain/order.ts';
import type { OutsideMarket } from '../domain/rfq/outside-price.ts';
import { MidHistory } from '../domain/rfq/mid-history.ts';
import {
  type ConsolidatedBooks,
  midOf,
  priceQuote,
  type PricingMarket,
  type QuotePricing,
} from '../domain/rfq/price-quote.ts';
import type { QuoteAsk, QuotePricer, TakenAsk } from '../domain/rfq/quote-pricer.ts';
import { type PricedQuote, quoteSideFor } from '../domain/rfq/rfq-quote.ts';
import type { DepthLevel } from '../domain/rfq/walk-depth.ts';
import { type HeardDepth, heardDepth, isTooOld } from './heard-depth.ts';
import type { Inventory } from './house.ts';

interface HeardMarket extends HeardDepth {
  /** Null if a side is missing, or if the sides cross each other: then at least one of them is wrong. */
  readonly mid: Price | null;
  /** The best level of each side. */
  readonly best: Pick<PricingMarket, 'bids' | 'asks'>;
  /** Calculated when first needed: most received markets are never priced. */
  levels: Pick<PricingMarket, 'bids' | 'asks'> | null;
}

interface HeardBooks {
  readonly depth: ConsolidatedDepth;
  /** When they were first heard, as {@link steadyNow} has it. */
  readonly heardAtMs: number;
  /** Calculated when first needed; null if the venues' books cross each other. */
  books: ConsolidatedBooks | null | undefined;
}

/** The desk's own pricer, which walks the newest market of an instrument for the size. */
export class MarketPricer implements QuotePricer {
  readonly #pricing: QuotePricing;
  readonly #inventory: Pick<Inventory, 'of'>;
  readonly #clock: Clock;
  readonly #markets = new Map<InstrumentSymbol, HeardMarket>();
  readonly #consolidated = new Map<InstrumentSymbol, HeardBooks>();
  readonly #histories = new Map<InstrumentSymbol, MidHistory>();

  /** @param clock measures how long ago a market was heard */
  constructor(pricing: QuotePricing, inventory: Pick<Inventory, 'of'>, clock: Clock) {
    this.#pricing = pricing;
    this.#inventory = inventory;
    this.#clock = clock;
  }

  /** Stores a newer market. */
  hear(depth: MarketDepth): void {
    const { bids, asks } = depth;
    const best = { bids: levelsOf(bids.slice(0, 1)), asks: levelsOf(asks.slice(0, 1)) };
    const mid = isCrossed(best) ? null : midOf(best);
    const heard = heardDepth(depth, this.#markets.get(depth.symbol), this.#clock);
    this.#markets.set(depth.symbol, { ...heard, mid, best, levels: null });
    if (mid !== null && !depth.suspended) this.#history(depth.symbol).add(mid, depth.receivedAtMs);
  }

  /** Stores newer books of several venues. */
  hearConsolidated(depth: ConsolidatedDepth): void {
    const known = this.#consolidated.get(depth.symbol);
    const heardAtMs =
      known?.depth.asOfMs === depth.asOfMs ? known.heardAtMs : steadyNow(this.#clock);
    this.#consolidated.set(depth.symbol, { depth, heardAtMs, books: undefined });
  }

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  price(
    { side, size, tier, takenSince }: QuoteAsk,
    instrument: Instrument,
    nowMs: number,
  ): PricedQuote | null {
    const market = this.#walked(instrument, nowMs);
    const inventory = this.#inventory.of(instrument.symbol);
    const ask = { side, size, tier, inventory, taken: takenSince?.(0) };
    return market && priceQuote(ask, market, this.#pricing, instrument);
  }

  priceBeyond(
    { side, quantity, tier, taken }: TakenAsk,
    instrument: Instrument,
    nowMs: number,
  ): Price | null {
    const market = this.#walked(instrument, nowMs);
    const size = { quantity, quoteQuantity: null };
    const ask = { side, size, tier, inventory: 0n, taken: { ask: taken, bid: taken } };
    const limitless = { ...this.#pricing, skew: null };
    const priced = market && priceQuote(ask, market, limitless, instrument);
    return priced && (quoteSideFor(side, priced)?.price ?? null);
  }

  #walked(instrument: Instrument, nowMs: number): PricingMarket | null {
    const market = this.#fresh(instrument, nowMs);
    if (market === null) return null;
    const { depth } = market;
    market.levels ??= { bids: levelsOf(depth.bids), asks: levelsOf(depth.asks) };
    const volatilityBps = this.#history(instrument.symbol).rangeBps(nowMs);
    const consolidated = this.#books(instrument, market.best, nowMs);
    return { sequence: depth.sequence, ...market.levels, consolidated, volatilityBps };
  }

  /** A summary of a tradable market; null if there is none, or it is stale. */
  market(instrument: Instrument, nowMs: number): OutsideMarket | null {
    const heard = this.#fresh(instrument, nowMs);
    const [bid, ask] = [heard?.best.bids[0], heard?.best.asks[0]];
    if (heard?.mid == null || bid === undefined || ask === undefined) return null;
    const volatilityBps = this.#history(instrument.symbol).rangeBps(nowMs);
    const prices = { bidPrice: bid.price, askPrice: ask.price, midPrice: heard.mid };
    return { sequence: heard.depth.sequence, ...prices, volatilityBps };
  }

  midPrice(instrument: Instrument, nowMs: number): Price | null {
    return this.#fresh(instrument, nowMs)?.mid ?? null;
  }

  room(houseSide: OrderSide, { symbol }: Instrument, mid: Price): bigint | null {
    const { skew } = this.#pricing;
    return skew === null ? null : inventoryRoom(houseSide, skew, this.#valueOf(symbol, mid));
  }

  /** As {@link MarketPricer.room}, as far as quotes are made for it; see {@link quotableRoom}. */
  quotableRoom(houseSide: OrderSide, { symbol }: Instrument, mid: Price): bigint | null {
    const { skew } = this.#pricing;
    return skew === null ? null : quotableRoom(houseSide, skew, this.#valueOf(symbol, mid));
  }

  #valueOf(symbol: InstrumentSymbol, mid: Price): HouseInventoryValue {
    return { quantity: this.#inventory.of(symbol), price: mid };
  }

  #fresh(instrument: Instrument, nowMs: number): HeardMarket | null {
    const market = this.#markets.get(instrument.symbol);
    if (market === undefined) return null;
    const { suspended, status } = market.depth;
    if (suspended || status !== 'TRADING' || market.mid === null) return null;
    return isTooOld(market, instrument, { nowMs, clock: this.#clock }) ? null : market;
  }

  /**
   * The books of all venues. They arrive apart from the home's market: when that has moved first, they still show levels
   * that are gone, and whoever traded with the desk at those could trade back on the home market at a profit.
   */
  #books(
    { symbol, maxQuoteAgeMs }: Instrument,
    home: HeardMarket['best'],
    nowMs: number,
  ): ConsolidatedBooks | null {
    const heard = this.#consolidated.get(symbol);
    if (heard === undefined || ageOf(heard.depth.asOfMs, nowMs) > maxQuoteAgeMs) return null;
    if (steadyNow(this.#clock) - heard.heardAtMs > maxQuoteAgeMs) return null;
    if (heard.books === undefined) heard.books = booksOf(heard.depth);
    const { books } = heard;
    if (books === null) return null;
    const isBehind = reaches(home.bids, books.asks) || reaches(books.bids, home.asks);
    return isBehind ? null : books;
  }

  #history(symbol: InstrumentSymbol): MidHistory {
    const known = this.#histories.get(symbol);
    if (known !== undefined) return known;
    const history = new MidHistory();
    this.#histories.set(symbol, history);
    return history;
  }
}

/** A crossed market has no price: whoever bought at its ask could sell at its bid, and the desk would pay for both. */
function isCrossed({ bids, asks }: Pick<PricingMarket, 'bids' | 'asks'>): boolean {
  const [bid, ask] = [bids[0], asks[0]];
  return bid !== undefined && ask !== undefined && bid.price > ask.price;
}

function booksOf({ bids, asks, books }: ConsolidatedDepth): ConsolidatedBooks | null {
  const levels = { bids: levelsOf(bids), asks: levelsOf(asks) };
  return reaches(levels.bids, levels.asks) ? null : { ...levels, books };
}

/** Whether the best bid is as high as the best ask; both sides best first. */
function reaches([bid]: readonly DepthLevel[], [ask]: readonly DepthLevel[]): boolean {
  return bid !== undefined && ask !== undefined && bid.price >= ask.price;
}

function levelsOf(levels: readonly LevelText[]): readonly DepthLevel[] {
  return levels.map(([priceText, quantityText]) => {
    const [price, quantity] = [parsePrice(priceText), parseQuantity(quantityText)];
    invariant(price !== null && quantity !== null, `no level: ${priceText} × ${quantityText}`);
    return { price, quantity };
  });
}
