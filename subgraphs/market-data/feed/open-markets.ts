import type { Clock } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { MarketHistory } from '../domain/market-state.ts';
import { Markets } from '../domain/markets.ts';
import type { OpenFeed } from './open-feed.ts';

/** The markets that a feed moves. */
export interface FeedMarkets extends OpenFeed {
  readonly markets: Markets;
}

/**
 * Markets for each feed. An instrument that no venue lists is the first one's, where nothing will
 * be heard of it; only at its home an instrument goes on with its history.
 */
export function openMarkets(
  feeds: readonly OpenFeed[],
  desk: {
    readonly instruments: readonly Instrument[];
    readonly history: ReadonlyMap<string, MarketHistory>;
    readonly clock: Clock;
  },
): readonly FeedMarkets[] {
  const isListed = (one: Instrument) => feeds.some((each) => each.instruments.includes(one));
  const unlisted = desk.instruments.filter((one) => !isListed(one));
  const waiting = new Map(desk.history);
  return feeds.map((each, index) => {
    const instruments = index === 0 ? [...each.instruments, ...unlisted] : each.instruments;
    const history = new Map(
      instruments.flatMap(({ symbol }) => {
        const own = waiting.get(symbol);
        waiting.delete(symbol);
        return own === undefined ? [] : [[symbol, own]];
      }),
    );
    const place = { venue: each.feed.venue, nowMs: desk.clock.now() };
    return { ...each, markets: new Markets({ ...place, instruments, history }) };
  });
}
