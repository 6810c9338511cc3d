import { invariant } from '#shared/domain/invariant.ts';
import type { FeedStatus } from './feed-status.ts';
import type { MarketState } from './market-state.ts';
import type { MarketList, Markets } from './markets.ts';

/** The markets of one venue. */
interface OneVenue {
  readonly markets: Markets;
  /** The instruments whose home it is. */
  readonly atHome: readonly string[];
}

/**
 * The markets of every followed venue. Each instrument has one venue as its home, whose quotes,
 * trades and candles are the instrument's own, and the desk's prices.
 */
export class VenueMarkets implements MarketList {
  readonly #venues: readonly Markets[];
  readonly #homes = new Map<string, MarketState>();

  /** @param venues in the order of precedence */
  constructor(venues: readonly OneVenue[]) {
    invariant(venues.length > 0, 'a desk needs a feed');
    this.#venues = venues.map(({ markets }) => markets);
    for (const { markets, atHome } of venues)
      for (const symbol of atHome) {
        const market = markets.get(symbol);
        invariant(market !== undefined, 'a venue has what it is the home of');
        this.#homes.set(symbol, market);
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

  /** One instrument's market on each venue that has it, its home first. */
  ofEveryVenue(symbol: string): readonly MarketState[] {
    const all = this.#venues.flatMap((markets) => markets.get(symbol) ?? []);
    const home = this.#homes.get(symbol);
    return home === undefined ? all : [home, ...all.filter((market) => market !== home)];
  }

  /** Each feed as it is now. */
  statuses(): readonly FeedStatus[] {
    return this.#venues.map((markets) => markets.status());
  }
}
