import type { Clock } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { InstrumentHomes } from '../domain/catalog/instrument-homes.ts';
import type { MarketHistory } from '../domain/market-state.ts';
import { Markets } from '../domain/markets.ts';
import type { OpenFeed } from './open-feed.ts';

/** A feed and the markets it updates. */
export interface FeedMarkets extends OpenFeed {
  readonly markets: Markets;
  /** Symbols of the instruments with this venue as their home. */
  readonly atHome: readonly string[];
}

/**
 * Decides the home venue of each instrument. An instrument keeps its home, which its trades and candles
 * are from, unless that venue is not followed or is known to have delisted it. Otherwise its home is the
 * first venue known to list it. A venue with an unread list may not have the instrument, so it becomes
 * the home only if no other venue lists it. While no venue has an instrument, nothing is decided: those
 * without a home give way where a venue does not take all.
 */
export function decideHomes(
  instruments: readonly Instrument[],
  feeds: readonly OpenFeed[],
  known: InstrumentHomes,
): InstrumentHomes {
  return new Map(
    instruments.flatMap((one): [string, string][] => {
      const home = homeOf(one, feeds, known);
      return home === undefined ? [] : [[one.symbol, home.feed.venue]];
    }),
  );
}

/**
 * Opens the markets of each feed. Only at its home does an instrument continue its history; one that no
 * venue has is at the first venue, which will send nothing for it.
 */
export function openMarkets(
  feeds: readonly OpenFeed[],
  desk: {
    readonly instruments: readonly Instrument[];
    readonly homes: InstrumentHomes;
    readonly history: ReadonlyMap<string, MarketHistory>;
    readonly clock: Clock;
  },
): readonly FeedMarkets[] {
  const homes = new Map(
    desk.instruments.map((one) => [one, homeOf(one, feeds, desk.homes) ?? feeds[0]]),
  );
  return feeds.map((each) => {
    const isHome = (one: Instrument) => homes.get(one) === each;
    const instruments = desk.instruments.filter(
      (one) => each.instruments.includes(one) || isHome(one),
    );
    const atHome = instruments.filter(isHome).map(({ symbol }) => symbol);
    const history = new Map(
      [...desk.history].filter(([symbol]) => atHome.some((own) => own === symbol)),
    );
    const place = { venue: each.feed.venue, nowMs: desk.clock.now() };
    return { ...each, atHome, markets: new Markets({ ...place, instruments, history }) };
  });
}

function homeOf(
  one: Instrument,
  feeds: readonly OpenFeed[],
  known: InstrumentHomes,
): OpenFeed | undefined {
  const those = feeds.filter(({ instruments }) => instruments.includes(one));
  const kept = those.find(({ feed }) => feed.venue === known.get(one.symbol));
  if (kept !== undefined) return kept;
  return those.find(({ listed }) => listed?.listings !== null) ?? those[0];
}
