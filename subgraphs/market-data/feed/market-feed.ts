import type { FeedEvent } from '../domain/feed-event.ts';

/**
 * A source of market data. Adapters turn a venue's own messages into {@link FeedEvent}s; nothing
 * behind this port knows which venue it is.
 */
export interface MarketFeed {
  /** How its quotes are labeled: `sim`, `binance`. */
  readonly venue: string;
  /** Whether to hold it back while listeners catch up: what runs in real time cannot be held. */
  readonly isPausable: boolean;
  /**
   * The events in order, in batches of what came together. Called again when it has ended or
   * failed, and then begins again, with whole books. Ends when `signal` aborts;
   * a recording that is over falls silent, as a venue in which nothing happens.
   * @param tradedToMs exchange time of the newest trade that this process has heard of these markets:
   *   what has a time of its own continues after it; null before the first
   */
  events(signal: AbortSignal, tradedToMs: number | null): AsyncIterable<readonly FeedEvent[]>;
}
