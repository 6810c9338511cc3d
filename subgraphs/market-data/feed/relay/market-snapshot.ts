import type { FeedEvent } from '../../domain/feed-event.ts';
import type { MarketState } from '../../domain/market-state.ts';
import type { Markets } from '../../domain/markets.ts';

/** Events that bring somebody who knows nothing to what these markets are now, to some depth. */
export function marketSnapshot(markets: Markets, depth: number): FeedEvent[] {
  return [...markets.all()].flatMap((market) => [
    ...bookEvents(market, depth),
    ...quoteEvents(market),
  ]);
}

/** A book that is lost is told as such, so that nobody believes it, or an older one, meanwhile. */
function bookEvents(market: MarketState, depth: number): FeedEvent[] {
  const { book, bookTimes, isBookLost } = market;
  if (bookTimes === null) return [];
  const { symbol } = market.instrument;
  const whole = { kind: 'bookSnapshot', symbol, ...bookTimes, ...book.top(depth) } as const;
  return isBookLost ? [whole, { kind: 'bookLost', symbol }] : [whole];
}

function quoteEvents({ quote }: MarketState): FeedEvent[] {
  if (quote === null) return [];
  const { symbol, bid, ask, exchangeTimeMs, receivedAtMs } = quote;
  return [{ kind: 'quote', symbol, bid, ask, exchangeTimeMs, receivedAtMs }];
}
