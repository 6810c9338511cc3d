import { invariant } from '#shared/domain/invariant.ts';
import type { FeedStatus } from './feed-status.ts';
import type { MarketState } from './market-state.ts';
import type { MarketList, Markets } from './markets.ts';

/**
 * The markets of every venue that is followed. The home of an instrument is the first venue that
 * has it: its quotes, trades and candles are the instrument's own, and the desk's prices.
 */
export class VenueMarkets implements MarketList {
  readonly #venues: readonly Markets[];
  readonly #homes = new Map<string, MarketState>();

  /** @param venues the one that counts most first */
  constructor(venues: readonly Markets[]) {
    invariant(venues.length > 0, 'a desk needs a feed');
    this.#venues = venues;
    for (const markets of venues)
      for (const market of markets.all()) {
        const { symbol } = market.instrument;
        if (!this.#homes.has(symbol)) this.#homes.set(symbol, market);
      }
  }

  /** One instrument's market at its home; undefined for a symbol that the desk does not have. */
  get(symbol: string): MarketState | undefined {
    return this.#homes.get(symbol);
  }

  /** Every market at its home. */
  all(): Iterable<MarketState> {
    return this.#homes.values();
  }

  /** One instrument's market on each venue that has it. */
  ofEveryVenue(symbol: string): readonly MarketState[] {
    return this.#venues.flatMap((markets) => markets.get(symbol) ?? []);
  }

  /** Each feed as it is now. */
  statuses(): readonly FeedStatus[] {
    return this.#venues.map((markets) => markets.status());
  }
}
