import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '#shared/domain/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Markets } from '../../domain/markets.ts';
import { fetchListings } from './fetch-listings.ts';
import type { Listings } from './listings.ts';
import type { VenueProtocol } from './venue-protocol.ts';

/** A venue says in its list when an instrument stops trading, so it is read again and again. */
const REFRESH_MS = 15_000;
const TIMEOUT_MS = 5000;

/** Keeps the listings of one venue's markets as the venue has them. */
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
    readonly refreshMs?: number;
  }) {
    this.#protocol = options.protocol;
    this.#markets = options.markets;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#refreshMs = options.refreshMs ?? REFRESH_MS;
  }

  /** @param known what was read a moment ago; null if it could not be */
  start(known: Listings | null): void {
    if (known !== null) this.#tell(known);
    this.#running = this.#watch();
  }

  /** Reads it no more. */
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

  /** An instrument that has left the list is told as such; of one that cannot be read nothing is known. */
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
