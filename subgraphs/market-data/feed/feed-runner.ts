import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '#shared/domain/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Markets } from '../domain/markets.ts';
import type { FeedBatch, MarketFeed } from './market-feed.ts';

/** How long to wait before restarting a failed feed. */
const RESTART_AFTER_MS = 500;

/** After this many changes of levels, quotes and trades others have a turn: a venue can send them without end. */
const CHANGES_AT_ONCE = 500;

/** The runner's view of the subscribers to the markets. */
export interface FeedAudience {
  /** Resolves when the first stream is open. */
  untilFirst(): Promise<void>;
  /** Resolves when every lossless stream has room; never waits long for any one stream. */
  untilReady(): Promise<void>;
}

/** Applies the events of a feed to the markets, from `start()` to `stop()`. */
export class FeedRunner {
  readonly #feed: MarketFeed;
  readonly #markets: Markets;
  readonly #audience: FeedAudience;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: {
    readonly feed: MarketFeed;
    readonly markets: Markets;
    readonly audience: FeedAudience;
    readonly clock: Clock;
    readonly logger: Logger;
  }) {
    this.#feed = options.feed;
    this.#markets = options.markets;
    this.#audience = options.audience;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Starts immediately, or with the first open stream. */
  start(start: 'immediately' | 'first-subscription'): void {
    this.#running = this.#keepRunning(start);
  }

  /** Ends the feed; once resolved, no market moves. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** After a failure, reports the feed as lost to subscribers and restarts it. */
  async #keepRunning(start: 'immediately' | 'first-subscription'): Promise<void> {
    const { signal } = this.#stopping;
    for (let isOver = false; !isOver && !signal.aborted;) {
      isOver = await this.#run(start).then(
        () => true,
        (cause: unknown) => {
          this.#logger.error({ err: cause }, 'the feed failed; restarting it');
          this.#markets.apply({ kind: 'connection', isConnected: false }, this.#clock.now());
          return false;
        },
      );
      if (!isOver) await pause(RESTART_AFTER_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #run(start: 'immediately' | 'first-subscription'): Promise<void> {
    const { signal } = this.#stopping;
    if (start === 'first-subscription')
      await Promise.race([this.#audience.untilFirst(), aborted(signal)]);
    if (signal.aborted) return;
    for await (const events of this.#feed.events(signal, this.#markets.tradedToMs)) {
      if (signal.aborted) return;
      const receivedAtMs = this.#clock.now();
      await this.#apply(events, receivedAtMs);
      await nextTurn();
      if (this.#feed.isPausable) await this.#audience.untilReady();
    }
  }

  async #apply(events: FeedBatch, receivedAtMs: number): Promise<void> {
    let left = CHANGES_AT_ONCE;
    for (const event of events) {
      this.#markets.apply(event, receivedAtMs);
      left -= 'bids' in event ? event.bids.length + event.asks.length : 1;
      if (left > 0) continue;
      await nextTurn();
      if (this.#stopping.signal.aborted) return;
      left = CHANGES_AT_ONCE;
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}
