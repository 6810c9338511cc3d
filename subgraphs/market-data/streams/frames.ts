import { ageOf } from '#shared/domain/age.ts';
import { toTimestamp } from '#shared/domain/clock.ts';
import type { InstrumentStatus } from '#shared/domain/instrument.ts';
import type { BookView } from '../domain/book/book-view.ts';
import type { CandleView } from '../domain/candles/candle-view.ts';
import type { ConsolidatedView } from '../domain/consolidated-view.ts';
import type { BookLevelsView } from '../domain/book/level-view.ts';
import type { QuoteView } from '../domain/quote-view.ts';
import type { TickerView } from '../domain/candles/ticker-view.ts';
import type { TradeView } from '../domain/trade-view.ts';

/** Why a stream has a gap; see the enum of this name in the schema. */
export type StreamGapReason = 'FEED_GAP' | 'CURSOR_EXPIRED' | 'SLOW_CONSUMER' | 'FAILOVER';

/** The frames of the streams, ready for GraphQL. They are plain properties, which are fast to read. */
export interface StreamGap {
  readonly __typename: 'StreamGap';
  readonly instrumentSymbol: string;
  readonly fromSequence: string | null;
  readonly toSequence: string | null;
  readonly reason: StreamGapReason;
}

/** See {@link StreamGap}. */
export interface StreamHeartbeat {
  readonly __typename: 'StreamHeartbeat';
  readonly instrumentSymbol: string;
  readonly sequence: string;
  readonly serverTime: string;
  readonly sourceAgeMs: number | null;
  /** Whether the newest quote is stale; null in streams other than of quotes, and before the first. */
  readonly stale: boolean | null;
}

/** Where a frame is in its chain. */
interface Chained {
  readonly sequence: string;
  readonly previousSequence: string;
}

/** See {@link StreamGap}. */
export interface QuoteUpdate extends Chained {
  readonly __typename: 'QuoteUpdate';
  readonly quote: QuoteView;
  readonly conflated: number;
}

/** See {@link StreamGap}. */
export interface OrderBookSnapshot {
  readonly __typename: 'OrderBookSnapshot';
  readonly book: BookView;
  readonly sequence: string;
}

/** See {@link StreamGap}. */
export interface OrderBookUpdate extends Chained, BookLevelsView {
  readonly __typename: 'OrderBookUpdate';
  readonly symbol: string;
  readonly checksum: string;
  readonly exchangeTime: string | null;
  readonly receivedTime: string;
}

/** See {@link StreamGap}. */
export interface TradeSnapshot {
  readonly __typename: 'TradeSnapshot';
  readonly symbol: string;
  readonly trades: readonly TradeView[];
  readonly sequence: string;
}

/** See {@link StreamGap}. */
export interface TradeUpdate extends Chained {
  readonly __typename: 'TradeUpdate';
  readonly trade: TradeView;
}

/** See {@link StreamGap}. */
export interface CandleUpdate extends Chained {
  readonly __typename: 'CandleUpdate';
  readonly candle: CandleView;
}

/** See {@link StreamGap}. */
export interface TickerUpdate extends Chained {
  readonly __typename: 'TickerUpdate';
  readonly ticker: TickerView;
}

/** See {@link StreamGap}. */
export interface InstrumentStatusUpdate extends Chained {
  readonly __typename: 'InstrumentStatusUpdate';
  readonly symbol: string;
  readonly status: InstrumentStatus;
}

/** See {@link StreamGap}. */
export interface ConsolidatedBookUpdate extends Chained {
  readonly __typename: 'ConsolidatedBookUpdate';
  readonly book: ConsolidatedView;
  readonly conflated: number;
}

/** What every stream can send in addition to its own frames. */
export type ControlFrame = StreamGap | StreamHeartbeat;
/** What `quoteChanged` sends. */
export type QuoteFrame = QuoteUpdate | ControlFrame;
/** What `orderBookChanged` sends. */
export type OrderBookFrame = OrderBookSnapshot | OrderBookUpdate | ControlFrame;
/** What `tradeOccurred` sends. */
export type TradeFrame = TradeSnapshot | TradeUpdate | ControlFrame;
/** What `candleChanged` sends. */
export type CandleFrame = CandleUpdate | ControlFrame;
/** What `tickerChanged` sends. */
export type TickerFrame = TickerUpdate | ControlFrame;

/** What `consolidatedBookChanged` sends. */
export type ConsolidatedBookFrame = ConsolidatedBookUpdate | ControlFrame;

/** What `instrumentStatusChanged` sends. */
export type InstrumentStatusFrame = InstrumentStatusUpdate | ControlFrame;

/** @param between the last sequence before the loss and the first one after it, if known */
export function streamGap(
  symbol: string,
  reason: StreamGapReason,
  between: { readonly from: number | null; readonly to: number | null },
): StreamGap {
  return {
    __typename: 'StreamGap',
    instrumentSymbol: symbol,
    fromSequence: between.from === null ? null : String(between.from),
    toSequence: between.to === null ? null : String(between.to),
    reason,
  };
}

/**
 * @param source.sourceAtMs when the source last sent anything; null if it has not yet
 * @param source.stale see {@link StreamHeartbeat}
 */
export function streamHeartbeat(
  symbol: string,
  sequence: number,
  source: {
    readonly nowMs: number;
    readonly sourceAtMs: number | null;
    readonly stale?: boolean | null;
  },
): StreamHeartbeat {
  const { nowMs, sourceAtMs, stale = null } = source;
  return {
    __typename: 'StreamHeartbeat',
    instrumentSymbol: symbol,
    sequence: String(sequence),
    serverTime: toTimestamp(nowMs),
    sourceAgeMs: sourceAtMs === null ? null : ageOf(sourceAtMs, nowMs),
    stale,
  };
}
