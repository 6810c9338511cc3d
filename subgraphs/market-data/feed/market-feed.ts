import type { FeedEvent } from '../domain/feed-event.ts';

/**
 * Events that arrived together, in order. Each is made when it is taken, and says what a shared book
 * shows at that moment: whoever takes one applies it before taking the next, and takes them once.
 */
export type FeedBatch = Iterable<FeedEvent>;

/**
 * A source of market data. Adapters turn a venue's own messages into {@link FeedEvent}s, so that users
 * of this port need not know the venue.
 */
export interface MarketFeed {
  /** How its quotes are labeled: `sim`, `binance`. */
  readonly venue: string;
  /** Whether it can wait while subscribers catch up; a real-time feed cannot. */
  readonly isPausable: boolean;
  /**
   * The events in order. Can be called again after it ended or failed, and then starts over with whole
   * books. Ends when `signal` aborts. A finished recording
   * falls silent, like a venue where nothing happens.
   * @param tradedToMs exchange time of the newest trade that this process has seen in these markets; a
   *   feed with its own clock continues after it; null before the first trade
   */
  events(signal: AbortSignal, tradedToMs: number | null): AsyncIterable<FeedBatch>;
}
