import type { Clock } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import {
  type AccountValuation,
  type BalanceToValue,
  valuationOf,
} from './domain/prices/account-valuation.ts';
import { assetNeighbors } from './domain/prices/asset-neighbors.ts';
import { lastPriceOf } from './domain/prices/asset-price.ts';
import type { BookWish } from './domain/book/book-view.ts';
import type { CandleInterval } from './domain/candles/candle.ts';
import type { Asset, Catalog, InstrumentFilter } from './domain/catalog/catalog.ts';
import type { FeedStatus } from './domain/feed-status.ts';
import { presentPriceOf } from './domain/prices/instrument-price.ts';
import type { MarketState } from './domain/market-state.ts';
import { pricesAt } from './domain/prices/past-prices.ts';
import type { LoadCandles } from './domain/candles/read-candles.ts';
import type { VenueMarkets } from './domain/venue-markets.ts';
import type { ConsolidatedWish, VenuesOfInstrument } from './streams/latest-consolidated.ts';
import type { Delivery, MarketStreams } from './streams/market-streams.ts';

/** What this process knows of the markets. */
export interface MarketDesk {
  readonly catalog: Catalog;
  readonly markets: VenueMarkets;
  readonly streams: MarketStreams;
  readonly clock: Clock;
}

/** Everything the subgraph can do; the same for every request. */
export class MarketDataUseCases {
  readonly #desk: MarketDesk;
  readonly #neighborsOf: (code: string) => readonly string[];

  constructor(desk: MarketDesk) {
    this.#desk = desk;
    const neighbors = assetNeighbors(desk.catalog.instruments.values());
    this.#neighborsOf = (code) => neighbors.get(code) ?? [];
  }

  /** Now, by the desk's clock, in milliseconds since the epoch. */
  nowMs(): number {
    return this.#desk.clock.now();
  }

  /** Null for a code that the desk does not have. */
  asset(code: string): Asset | null {
    return this.#desk.catalog.assets.get(code) ?? null;
  }

  /** The latest price of one unit of an asset in another; see {@link lastPriceOf}. */
  lastPrice(code: string, quoteCode: string): string | null {
    return lastPriceOf(this.#desk.markets, code, quoteCode);
  }

  /** What balances are worth; null for an asset that the desk does not have. See {@link valuationOf}. */
  valuation(balances: readonly BalanceToValue[], quoteCode: string): AccountValuation | null {
    const asset = this.asset(quoteCode);
    const nowMs = this.nowMs();
    const priceOf = (symbol: string) => {
      const market = this.#desk.markets.get(symbol);
      return market === undefined ? null : presentPriceOf(market, nowMs);
    };
    const source = { priceOf, neighborsOf: this.#neighborsOf, atMs: nowMs };
    return asset && valuationOf(source, asset, balances);
  }

  /** What balances of the past were worth, like {@link valuation} at the closing prices of a moment. */
  async pastValuation(
    balances: readonly BalanceToValue[],
    quoteCode: string,
    atMs: number,
    load: LoadCandles,
  ): Promise<AccountValuation | null> {
    const asset = this.asset(quoteCode);
    if (asset === null) return null;
    const history = { markets: this.#desk.markets, neighborsOf: this.#neighborsOf, load };
    return valuationOf(await pricesAt(history, balances, quoteCode, atMs), asset, balances);
  }

  /** Null for a symbol that the desk does not have. */
  instrument(symbol: string): Instrument | null {
    return this.#desk.catalog.instruments.get(symbol) ?? null;
  }

  /** At most `count` assets by their codes, after `after`; from the first one if that is null. */
  assets(after: string | null, count: number): readonly Asset[] {
    return [...this.#desk.catalog.assets.values()]
      .filter(({ code }) => after === null || code > after)
      .slice(0, count);
  }

  /**
   * At most `count` instruments by their symbols, after `after`; from the first one if that is
   * null.
   */
  instruments(
    { symbols, base, quote, statuses }: InstrumentFilter,
    after: string | null,
    count: number,
  ): readonly Instrument[] {
    return [...this.#desk.catalog.instruments.values()]
      .filter(({ symbol }) => after === null || symbol > after)
      .filter(({ symbol }) => symbols === null || symbols.has(symbol))
      .filter((one) => base === null || one.base === base)
      .filter((one) => quote === null || one.quote === quote)
      .filter(({ symbol }) => {
        const status = this.market(symbol)?.status.status;
        return statuses === null || (status !== undefined && statuses.includes(status));
      })
      .slice(0, count);
  }

  /** An instrument's market at its home; null for a symbol that the desk does not have. */
  market(symbol: string): MarketState | null {
    return this.#desk.markets.get(symbol) ?? null;
  }

  /** An instrument's market on each venue that has it, its home first. */
  marketsOfVenues(symbol: string): readonly MarketState[] {
    return this.#desk.markets.ofEveryVenue(symbol);
  }

  /** Each feed as it is now. */
  feedStatuses(): readonly FeedStatus[] {
    return this.#desk.markets.statuses();
  }

  /** See {@link MarketStreams.quotes}. */
  quoteStream(markets: readonly MarketState[], delivery: Delivery) {
    return this.#desk.streams.quotes(markets, delivery);
  }

  /** See {@link MarketStreams.orderBook}. */
  orderBookStream(market: MarketState, wish: BookWish) {
    return this.#desk.streams.orderBook(market, wish);
  }

  /** See {@link MarketStreams.consolidatedBook}. */
  consolidatedBookStream(markets: VenuesOfInstrument, wish: ConsolidatedWish) {
    return this.#desk.streams.consolidatedBook(markets, wish);
  }

  /** See {@link MarketStreams.trades}. */
  tradeStream(market: MarketState) {
    return this.#desk.streams.trades(market);
  }

  /** See {@link MarketStreams.candles}. */
  candleStream(market: MarketState, interval: CandleInterval) {
    return this.#desk.streams.candles(market, interval);
  }

  /** See {@link MarketStreams.tickers}. */
  tickerStream(markets: readonly MarketState[]) {
    return this.#desk.streams.tickers(markets);
  }

  /** See {@link MarketStreams.statuses}. */
  statusStream(markets: readonly MarketState[]) {
    return this.#desk.streams.statuses(markets);
  }
}
