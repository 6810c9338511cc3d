import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Markets } from '../../domain/markets.ts';
import type { VenueListing } from '../../domain/catalog/venue-listing.ts';
import { fetchListings } from './fetch-listings.ts';
import type { Listings } from './listings.ts';
import type { VenueProtocol } from './venue-protocol.ts';
import type { VenueRequests } from './venue-requests.ts';

/** How often the list is read: it shows when an instrument stops trading. */
const REFRESH_MS = 15_000;
const TIMEOUT_MS = 5000;

/**
 * Keeps the listings of one venue's markets up to date. An instrument that was listed has left the list once two
 * lists in a row are without it: a venue may answer with a part of its list.
 */
export class ListingWatch {
  readonly #protocol: VenueProtocol;
  readonly #markets: Markets;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #refreshMs: number;
  /** Symbols that the last list missed although they were listed before. */
  #missed: ReadonlySet<string> = new Set();
  readonly #requests: VenueRequests;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: {
    readonly protocol: VenueProtocol;
    /** Those to the same venue. */
    readonly requests: VenueRequests;
    readonly markets: Markets;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly refreshMs?: number | undefined;
  }) {
    this.#protocol = options.protocol;
    this.#requests = options.requests;
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
      await fetchListings(this.#protocol, { timeoutMs: TIMEOUT_MS, signal }, this.#requests).then(
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
    const missed = new Set<string>();
    for (const market of this.#markets.all()) {
      const { symbol } = market.instrument;
      const listing = listings.get(symbol);
      if (listing === null) this.#warn(symbol, 'could not read the listing of an instrument');
      else if (listing !== undefined) this.#apply(symbol, listing);
      else if (market.listing === null || this.#missed.has(symbol)) this.#apply(symbol, null);
      else {
        missed.add(symbol);
        this.#warn(symbol, 'an instrument is missing in the list');
      }
    }
    this.#missed = missed;
  }

  #apply(symbol: InstrumentSymbol, listing: VenueListing | null): void {
    this.#markets.apply({ kind: 'listing', symbol, listing }, this.#clock.now());
  }

  #warn(symbol: InstrumentSymbol, message: string): void {
    this.#logger.warn({ venue: this.#protocol.venue, symbol }, message);
  }
}
