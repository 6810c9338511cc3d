import type { Clock } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { InstrumentHomes } from '../domain/instrument-homes.ts';
import type { MarketHistory } from '../domain/market-state.ts';
import { Markets } from '../domain/markets.ts';
import type { OpenFeed } from './open-feed.ts';

/** The markets that a feed moves. */
export interface FeedMarkets extends OpenFeed {
  readonly markets: Markets;
  /** The instruments whose home the venue is. */
  readonly atHome: readonly string[];
}

/**
 * The home of each instrument: the one that it has, while that venue is followed and is not known to
 * list it no more; for its trades and candles are of there. Else the first venue that is known to list it: one
 * that has not told its list may not have it, and is the home only of what no other one lists. An
 * instrument that no venue has is the first one's, where nothing will be heard of it.
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

/** Markets for each feed. Only at its home an instrument goes on with its history. */
export function openMarkets(
  feeds: readonly OpenFeed[],
  desk: {
    readonly instruments: readonly Instrument[];
    readonly homes: InstrumentHomes;
    readonly history: ReadonlyMap<string, MarketHistory>;
    readonly clock: Clock;
  },
): readonly FeedMarkets[] {
  const homes = new Map(desk.instruments.map((one) => [one, homeOf(one, feeds, desk.homes)]));
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
  return those.find(({ listed }) => listed?.listings !== null) ?? those[0] ?? feeds[0];
}
