import type { FeedEvent } from '../../domain/feed-event.ts';
import type { MarketState } from '../../domain/market-state.ts';
import type { Markets } from '../../domain/markets.ts';

/** Events that bring an empty follower to the current state of these markets, to some depth. */
export function marketSnapshot(markets: Markets, depth: number): FeedEvent[] {
  return [...markets.all()].flatMap((market) => marketEvents(market, depth));
}

/** The part of a {@link marketSnapshot} about one market: whether it trades before its prices. */
export function marketEvents(market: MarketState, depth: number): FeedEvent[] {
  return [...statusEvents(market), ...bookEvents(market, depth), ...quoteEvents(market)];
}

/** The levels of a market that its events to that depth leave out, in pieces of that many levels. */
export function* deeperLevels(
  { instrument, book, bookTimes }: MarketState,
  depth: number,
): Generator<FeedEvent> {
  if (bookTimes === null) return;
  const { bids, asks } = book.top(Infinity);
  for (let from = depth; from < Math.max(bids.length, asks.length); from += depth) {
    const piece = { bids: bids.slice(from, from + depth), asks: asks.slice(from, from + depth) };
    yield { kind: 'bookUpdate', symbol: instrument.symbol, ...bookTimes, ...piece };
  }
}

/** Reports a lost book as lost, so that no follower trusts it or an older one. */
function bookEvents(market: MarketState, depth: number): FeedEvent[] {
  const { book, bookTimes, isBookLost } = market;
  if (bookTimes === null) return [];
  const { symbol } = market.instrument;
  const limits = {
    ...(book.depth === Infinity ? {} : { depth: book.depth }),
    ...(book.knownTo === null ? {} : { knownTo: book.knownTo }),
  };
  const levels = { ...bookTimes, ...book.top(depth) };
  const whole = { kind: 'bookSnapshot', symbol, ...limits, ...levels } as const;
  return isBookLost ? [whole, { kind: 'bookLost', symbol }] : [whole];
}

function quoteEvents({ quote }: MarketState): FeedEvent[] {
  if (quote === null) return [];
  const { symbol, bid, ask, exchangeTimeMs, receivedAtMs } = quote;
  return [{ kind: 'quote', symbol, bid, ask, exchangeTimeMs, receivedAtMs }];
}

function statusEvents({ instrument: { symbol }, venueStatus }: MarketState): FeedEvent[] {
  return venueStatus === null ? [] : [{ kind: 'venueStatus', symbol, status: venueStatus }];
}
