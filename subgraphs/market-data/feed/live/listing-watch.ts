import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '#shared/domain/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Markets } from '../../domain/markets.ts';
import { fetchListings } from './fetch-listings.ts';
import type { Listings } from './listings.ts';
import type { VenueProtocol } from './venue-protocol.ts';

/** How often the list is read: it shows when an instrument stops trading. */
const REFRESH_MS = 15_000;
const TIMEOUT_MS = 5000;

/** Keeps the listings of one venue's markets up to date. */
export class ListingWatch {
  readonly #protocol: VenueProtocol;
  readonly #markets: Markets;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #refreshMs: number;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: {
    readonly protocol: VenueProtocol;
    readonly markets: Markets;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly refreshMs?: number | undefined;
  }) {
    this.#protocol = options.protocol;
    this.#markets = options.markets;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#refreshMs = options.refreshMs ?? REFRESH_MS;
  }

  /** @param known the list that was just read; null if reading failed */
  start(known: Listings | null): void {
    if (known !== null) this.#tell(known);
    this.#running = this.#watch();
  }

  /** Stops reading the list. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      await pause(this.#refreshMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await fetchListings(this.#protocol, { timeoutMs: TIMEOUT_MS, signal }).then(
        (listings) => this.#tell(listings),
        (cause: unknown) => {
          if (signal.aborted) return;
          const { venue } = this.#protocol;
          this.#logger.warn({ err: cause, venue }, 'could not read the list of instruments');
        },
      );
    }
  }

  /** Reports an instrument that has left the list as such; an unreadable row changes nothing. */
  #tell(listings: Listings): void {
    const { venue } = this.#protocol;
    for (const { instrument } of this.#markets.all()) {
      const { symbol } = instrument;
      const listing = listings.get(symbol) ?? null;
      if (listing === null && listings.has(symbol))
        this.#logger.warn({ venue, symbol }, 'could not read the listing of an instrument');
      else this.#markets.apply({ kind: 'listing', symbol, listing }, this.#clock.now());
    }
  }
}
