import { type ConsolidatedBook, consolidated, type VenueBook } from './consolidated-book.ts';
import type { MarketState } from './market-state.ts';

/** One instrument over all venues at one moment. */
export interface ConsolidatedMarket {
  readonly book: ConsolidatedBook;
  /** Venues that are followed and whose books cannot be believed now. */
  readonly leftOut: readonly string[];
  /** The oldest word of those that count, milliseconds since the epoch; null if none does. */
  readonly asOfMs: number | null;
}

/**
 * The books of one instrument on several venues as one. A venue counts only while its book is whole,
 * connected and not crossed, and while its last word is not older than a quote may be.
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
  const heardAtMs = counted.flatMap(({ lastMessageAtMs }) => lastMessageAtMs ?? []);
  return {
    book: consolidated(books, depth),
    leftOut: markets.filter((market) => !counted.includes(market)).map(({ venue }) => venue),
    asOfMs: heardAtMs.length === 0 ? null : Math.min(...heardAtMs),
  };
}

function isBelievable(market: MarketState, nowMs: number): boolean {
  const { lastMessageAtMs, instrument } = market;
  if (!market.isBookValid || lastMessageAtMs === null) return false;
  return nowMs - lastMessageAtMs <= instrument.maxQuoteAgeMs;
}
