import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type { Price } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { BookLevels, Level } from './book/level.ts';

/** The book of one venue, best levels first; only reliable books belong here. */
export interface VenueBook extends BookLevels {
  readonly venue: string;
}

/** A venue's quantity at a price. */
export interface VenueShare {
  readonly venue: string;
  readonly quantity: Quantity;
}

/** Everything that rests at one price over all venues. */
export interface ConsolidatedLevel extends Level {
  /** In the order of the venues; their quantities add up to that of the level. */
  readonly shares: readonly VenueShare[];
}

/** The books of several venues as one, best levels first. Its best bid can reach its best ask. */
export interface ConsolidatedBook {
  /** The venues whose books are in it. */
  readonly venues: readonly string[];
  readonly bids: readonly ConsolidatedLevel[];
  readonly asks: readonly ConsolidatedLevel[];
}

/** Merges books price by price, to at most `depth` levels of each side. */
export function consolidated(books: readonly VenueBook[], depth: number): ConsolidatedBook {
  return {
    venues: books.map(({ venue }) => venue),
    bids: mergedSide(books, 'bids', depth),
    asks: mergedSide(books, 'asks', depth),
  };
}

/** A venue's part of a level, as a share of it in counts of 10^-18. */
export function shareOf(level: ConsolidatedLevel, { quantity }: VenueShare): bigint {
  return divideDown(quantity * ONE, level.quantity);
}

/** Whether one venue's bid reaches another's ask: both prices are real, and nobody's mistake. */
export function isConsolidatedCrossed({ bids: [bid], asks: [ask] }: ConsolidatedBook): boolean {
  return bid !== undefined && ask !== undefined && bid.price >= ask.price;
}

function mergedSide(
  books: readonly VenueBook[],
  side: 'bids' | 'asks',
  depth: number,
): ConsolidatedLevel[] {
  const heads = books.map(({ venue, [side]: levels }) => ({ venue, levels, next: 0 }));
  const merged: ConsolidatedLevel[] = [];
  while (merged.length < depth) {
    const price = bestOf(
      heads.flatMap(({ levels, next }) => levels[next]?.price ?? []),
      side,
    );
    if (price === null) break;
    const shares: VenueShare[] = [];
    for (const head of heads) {
      const level = head.levels[head.next];
      if (level?.price !== price) continue;
      head.next += 1;
      shares.push({ venue: head.venue, quantity: level.quantity });
    }
    const units = shares.reduce((sum, { quantity }) => sum + quantity, 0n);
    merged.push({ price, quantity: quantityOfUnits(units), shares });
  }
  return merged;
}

function bestOf(prices: readonly Price[], side: 'bids' | 'asks'): Price | null {
  let best: Price | null = null;
  for (const price of prices)
    if (best === null || (side === 'bids' ? price > best : price < best)) best = price;
  return best;
}
