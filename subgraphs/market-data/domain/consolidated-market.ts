import { ageOf } from '#shared/domain/age.ts';
import { type ConsolidatedBook, consolidated, type VenueBook } from './consolidated-book.ts';
import type { MarketState } from './market-state.ts';
import { knownLevels } from './book/price-step.ts';

/** One instrument over all venues at one moment. */
export interface ConsolidatedMarket {
  readonly book: ConsolidatedBook;
  /** Followed venues whose books are not reliable now, or cannot be traded on. */
  readonly leftOut: readonly string[];
  /**
   * Time of the oldest update among the included venues, milliseconds since the epoch; null if
   * there is none.
   */
  readonly asOfMs: number | null;
}

/**
 * The books of one instrument on several venues as one. A venue is included only while its book is
 * complete, connected and not crossed, while the venue trades the instrument, and while its last update is not older than
 * a quote can be. There is no level beyond what is known of each: it would be more than is shown.
 */
export function consolidatedMarket(
  markets: readonly MarketState[],
  { depth, nowMs }: { readonly depth: number; readonly nowMs: number },
): ConsolidatedMarket {
  const counted = markets.filter((market) => isBelievable(market, nowMs));
  const books = counted.map((market): VenueBook => ({
    venue: market.venue,
    ...market.book.top(depth),
  }));
  const { venues, ...levels } = consolidated(books, depth);
  const known = counted.reduce((all, { book }) => knownLevels(all, book.horizon), levels);
  const heardAtMs = counted.flatMap(({ lastMessageAtMs }) => lastMessageAtMs ?? []);
  return {
    book: { venues, ...known },
    leftOut: markets.filter((market) => !counted.includes(market)).map(({ venue }) => venue),
    asOfMs: heardAtMs.length === 0 ? null : Math.min(...heardAtMs),
  };
}

function isBelievable(market: MarketState, nowMs: number): boolean {
  const { lastMessageAtMs, instrument } = market;
  if (!market.isBookValid || !market.isTradedByVenue || lastMessageAtMs === null) return false;
  return ageOf(lastMessageAtMs, nowMs) <= instrument.maxQuoteAgeMs;
}
