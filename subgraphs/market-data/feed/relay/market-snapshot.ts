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

/** A book that is lost is not told: it comes with the next snapshot of the venue. */
function bookEvents({ instrument, book, bookTimes, isBookLost }: MarketState, depth: number) {
  if (bookTimes === null || isBookLost) return [];
  const { exchangeTimeMs } = bookTimes;
  const place = { symbol: instrument.symbol, exchangeTimeMs };
  return [{ kind: 'bookSnapshot', ...place, ...book.top(depth) } as const];
}

function quoteEvents({ quote }: MarketState) {
  if (quote === null) return [];
  const { symbol, bid, ask, exchangeTimeMs } = quote;
  return [{ kind: 'quote', symbol, bid, ask, exchangeTimeMs } as const];
}
