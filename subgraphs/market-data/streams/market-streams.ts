import type { Clock } from '#shared/domain/clock.ts';
import type { BookWish } from '../domain/book/book-view.ts';
import type { CandleInterval } from '../domain/candles/candle.ts';
import type { MarketState } from '../domain/market-state.ts';
import { BookChanges } from './book-changes.ts';
import { CandleChanges } from './candle-changes.ts';
import { EveryQuote } from './every-quote.ts';
import { EveryTrade } from './every-trade.ts';
import type { FrameSource, StreamLimits } from './frame-source.ts';
import { FrameStream } from './frame-stream.ts';
import type {
  CandleFrame,
  ConsolidatedBookFrame,
  InstrumentStatusFrame,
  OrderBookFrame,
  QuoteFrame,
  TickerFrame,
  TradeFrame,
} from './frames.ts';
import {
  type ConsolidatedWish,
  LatestConsolidated,
  type VenuesOfInstrument,
} from './latest-consolidated.ts';
import { LatestQuote } from './latest-quote.ts';
import { LatestTicker } from './latest-ticker.ts';
import { MergedSource } from './merged-source.ts';
import { StatusChanges } from './status-changes.ts';
import type { StreamRegistry } from './stream-registry.ts';
import { WholeSource } from './whole-source.ts';

const LIMITS: StreamLimits = { heartbeatMs: 5000, capacity: 20_000 };

/** Which quotes a subscriber wants. */
export type Delivery =
  | { readonly mode: 'ALL' }
  /** At most this many per second and instrument; null for as fast as the client reads. */
  | { readonly mode: 'LATEST'; readonly maxPerSecond: number | null };

/** Opens the market data streams: one iterable for each subscription operation. */
export class MarketStreams {
  readonly #registry: StreamRegistry;
  readonly #clock: Clock;
  readonly #limits: StreamLimits;

  constructor(registry: StreamRegistry, clock: Clock, limits: StreamLimits = LIMITS) {
    this.#registry = registry;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** The current quote of each market, then changes. */
  quotes(markets: readonly MarketState[], delivery: Delivery): FrameStream<QuoteFrame> {
    const sources = markets.map((market): FrameSource<QuoteFrame> =>
      delivery.mode === 'ALL'
        ? new WholeSource(new EveryQuote(market), this.#limits)
        : new LatestQuote(market, delivery.maxPerSecond, this.#limits),
    );
    return this.#stream(new MergedSource(sources));
  }

  /** A snapshot of the book at the requested depth, then every change within it. */
  orderBook(market: MarketState, wish: BookWish): FrameStream<OrderBookFrame> {
    return this.#stream(new WholeSource(new BookChanges(market, wish), this.#limits));
  }

  /** The consolidated book of an instrument, whenever it changes within the requested depth. */
  consolidatedBook(
    markets: VenuesOfInstrument,
    wish: ConsolidatedWish,
  ): FrameStream<ConsolidatedBookFrame> {
    return this.#stream(new LatestConsolidated(markets, wish, this.#limits));
  }

  /** The newest trades, then every new one. */
  trades(market: MarketState): FrameStream<TradeFrame> {
    return this.#stream(new WholeSource(new EveryTrade(market), this.#limits));
  }

  /** The newest candle, then its changes and every closed candle. */
  candles(market: MarketState, interval: CandleInterval): FrameStream<CandleFrame> {
    return this.#stream(new CandleChanges(market, interval, this.#limits));
  }

  /** The current ticker of each market, then changes. */
  tickers(markets: readonly MarketState[]): FrameStream<TickerFrame> {
    return this.#stream(
      new MergedSource(markets.map((market) => new LatestTicker(market, this.#limits))),
    );
  }

  /** The current status of each market's instrument, then changes. */
  statuses(markets: readonly MarketState[]): FrameStream<InstrumentStatusFrame> {
    const sources = markets.map((market): FrameSource<InstrumentStatusFrame> => {
      return new WholeSource(new StatusChanges(market), this.#limits);
    });
    return this.#stream(new MergedSource(sources));
  }

  #stream<Frame>(source: FrameSource<Frame>): FrameStream<Frame> {
    return new FrameStream(source, this.#registry, this.#clock);
  }
}
