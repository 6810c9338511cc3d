import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levels } from '../test-market.ts';
import {
  consolidated,
  isConsolidatedCrossed,
  shareOf,
  type VenueBook,
} from './consolidated-book.ts';
import type { Level } from './book/level.ts';

function book(venue: string, bids: string, asks: string): VenueBook {
  return { venue, bids: levels(bids), asks: levels(asks) };
}

/** Of one quantity a price, in steps of one unit. */
const side = fc
  .uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 10 })
  .map((prices) =>
    prices.toSorted((a, b) => b - a).map((price) => `${(price % 7) + 1} @ ${price}`),
  );

describe('a consolidated book', () => {
  it('adds up what venues have at one price, and tells the share of each', () => {
    const both = consolidated(
      [book('a', '3 @ 100, 1 @ 98', '2 @ 101'), book('b', '1 @ 100, 5 @ 99', '4 @ 102')],
      2,
    );
    expect(both.bids).toEqual([
      {
        ...levels('4 @ 100')[0],
        shares: [
          { venue: 'a', quantity: levels('3 @ 1')[0]?.quantity },
          { venue: 'b', quantity: levels('1 @ 1')[0]?.quantity },
        ],
      },
      expect.objectContaining({ ...levels('5 @ 99')[0] }),
    ]);
    const [best] = both.bids;
    expect(best?.shares.map((share) => shareOf(best, share))).toEqual([
      75n * 10n ** 16n,
      25n * 10n ** 16n,
    ]);
    expect(both.asks.map(({ shares }) => shares.map(({ venue }) => venue))).toEqual([['a'], ['b']]);
  });

  it('says that it is crossed when one venue bids what another asks', () => {
    const books = [book('a', '1 @ 100', '1 @ 103'), book('b', '1 @ 97', '1 @ 99')];
    expect(isConsolidatedCrossed(consolidated(books, 1))).toBe(true);
    expect(isConsolidatedCrossed(consolidated(books.slice(0, 1), 1))).toBe(false);
    expect(isConsolidatedCrossed(consolidated([], 1))).toBe(false);
  });

  it('is at every depth what adding up all venues by price gives', () => {
    fc.assert(
      fc.property(
        fc.array(side, { maxLength: 4 }),
        fc.integer({ min: 1, max: 12 }),
        (sides, depth) => {
          const books = sides.map((bids, index) =>
            book(String(index), bids.join(', '), bids.toReversed().join(', ')),
          );
          const total = new Map<bigint, bigint>();
          for (const level of books.flatMap(({ bids }) => bids))
            total.set(level.price, (total.get(level.price) ?? 0n) + level.quantity);
          const expected = [...total].toSorted(([a], [b]) => (a < b ? 1 : -1));
          const pairs = (all: readonly Level[]) =>
            all.map(({ price, quantity }) => [price, quantity]);
          const merged = consolidated(books, depth);
          expect(pairs(merged.bids)).toEqual(expected.slice(0, depth));
          expect(pairs(merged.asks)).toEqual(expected.toReversed().slice(0, depth));
        },
      ),
      { numRuns: 300 },
    );
  });
});
