import type { Clock } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
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
 * Markets for each feed. The home of an instrument is the first venue that is known to list it: one
 * that has not told its list may not have it, and is the home only of what no other one lists. An
 * instrument that no venue has is the first one's, where nothing will be heard of it; only at its home
 * an instrument goes on with its history.
 */
export function openMarkets(
  feeds: readonly OpenFeed[],
  desk: {
    readonly instruments: readonly Instrument[];
    readonly history: ReadonlyMap<string, MarketHistory>;
    readonly clock: Clock;
  },
): readonly FeedMarkets[] {
  const homes = new Map(desk.instruments.map((one) => [one, homeOf(one, feeds)]));
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

function homeOf(one: Instrument, feeds: readonly OpenFeed[]): OpenFeed | undefined {
  const those = feeds.filter(({ instruments }) => instruments.includes(one));
  return those.find(({ listed }) => listed?.listings !== null) ?? those[0] ?? feeds[0];
}
