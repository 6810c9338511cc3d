import type { Logger } from '#shared/logging/logger.ts';
import { Outage } from '#shared/logging/outage.ts';

/** How long a market can be quiet before the log mentions it. */
const SILENT_AFTER_MS = 10_000;

/**
 * Says in the log when nothing was published of any market for ten seconds, and when something is again.
 * Otherwise a process on another event bus than market-data would look well, and deny every order that
 * needs a price.
 */
export class MarketSilence {
  readonly #outage: Outage;
  #timer: NodeJS.Timeout | null = null;

  constructor(logger: Logger) {
    this.#outage = new Outage(logger, {
      away: 'no market data is received',
      back: 'market data is received again',
    });
  }

  /** Listens from now on. */
  start(): void {
    this.#timer = setTimeout(() => {
      this.#outage.failed(
        new Error(
          `Nothing was published for ${SILENT_AFTER_MS / 1000} s: market-data is away, its feed is silent, or its REDIS_URL or EVENT_PREFIX is another one.`,
        ),
      );
    }, SILENT_AFTER_MS).unref();
  }

  /** Something was received. */
  heard(): void {
    this.#outage.answered();
    this.#timer?.refresh();
  }

  /** Stops listening. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
