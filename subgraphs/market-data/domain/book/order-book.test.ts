// The sorted book against a map that is sorted when asked, under any changes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawn, levels, plainLevel } from '../../test-market.ts';
import type { Level } from './level.ts';
import { OrderBook } from './order-book.ts';

const changes = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 3 }))
    .map(([price, quantity]) => `${quantity} @ ${price}`),
  { maxLength: 6 },
);

describe('the order book', () => {
  it('keeps both sides best first, whatever changes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(changes, changes), { maxLength: 40 }), (steps) => {
        const book = new OrderBook();
        const naive = { bids: new Map<bigint, Level>(), asks: new Map<bigint, Level>() };
        for (const [bids, asks] of steps) {
          book.apply({ bids: levels(bids.join(', ')), asks: levels(asks.join(', ')) });
          applyNaively(naive.bids, levels(bids.join(', ')));
          applyNaively(naive.asks, levels(asks.join(', ')));
        }
        expect(book.top(100)).toEqual({
          bids: [...naive.bids.values()].sort((a, b) => (a.price < b.price ? 1 : -1)),
          asks: [...naive.asks.values()].sort((a, b) => (a.price > b.price ? 1 : -1)),
        });
        expect(book.top(3).bids).toEqual(book.top(100).bids.slice(0, 3));
        expect(plainLevel(book.bestBid())).toEqual(book.top(1).bids[0] ?? null);
        expect(plainLevel(book.bestAsk())).toEqual(book.top(1).asks[0] ?? null);
      }),
      { numRuns: 300 },
    );
  });

  it('ignores the removal of a level it does not have', () => {
    const book = new OrderBook();
    book.replace({ bids: levels('1 @ 99'), asks: levels('1 @ 101') });
    book.apply({ bids: levels('0 @ 50'), asks: [] });
    expect(drawn(book.top(10))).toEqual({ bids: '1 @ 99', asks: '1 @ 101' });
  });

  it('forgets everything when it is replaced', () => {
    const book = new OrderBook();
    book.apply({ bids: levels('1 @ 99, 2 @ 98'), asks: levels('1 @ 101') });
    book.replace({ bids: levels('5 @ 90'), asks: [] });
    expect(drawn(book.top(10))).toEqual({ bids: '5 @ 90', asks: '' });
    expect(book.size).toBe(1);
  });
});

function applyNaively(side: Map<bigint, Level>, changed: readonly Level[]): void {
  for (const level of changed)
    if (level.quantity > 0n) side.set(level.price, level);
    else side.delete(level.price);
}
