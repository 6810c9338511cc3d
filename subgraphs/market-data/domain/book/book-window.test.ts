import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawn, levels, price } from '../../test-market.ts';
import { BookWindow } from './book-window.ts';
import { OrderBook } from './order-book.ts';
import { topOfBook } from './price-step.ts';

const changes = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 3 })), {
    maxLength: 5,
  })
  .map((pairs) => pairs.map(([price, quantity]) => `${quantity} @ ${price}`).join(', '));

describe('the window on a book', () => {
  it('sends what comes into it and removes what leaves it', () => {
    const book = new OrderBook();
    const window = new BookWindow(2);
    book.replace({ bids: levels('1 @ 99, 2 @ 98, 3 @ 97'), asks: [] });
    window.follow(book);
    book.apply({ bids: levels('4 @ 100'), asks: [] });
    expect(drawn(window.follow(book) ?? { bids: [], asks: [] }).bids).toBe('4 @ 100, 0 @ 98');
    book.apply({ bids: levels('0 @ 100, 5 @ 99'), asks: [] });
    expect(drawn(window.follow(book) ?? { bids: [], asks: [] }).bids).toBe(
      '0 @ 100, 5 @ 99, 2 @ 98',
    );
  });

  it('says nothing of changes behind it', () => {
    const book = new OrderBook();
    const window = new BookWindow(1);
    book.replace({ bids: levels('1 @ 99, 2 @ 98'), asks: levels('1 @ 101') });
    window.follow(book);
    book.apply({ bids: levels('7 @ 98'), asks: levels('7 @ 102') });
    expect(window.follow(book)).toBeNull();
  });

  it('leads a subscriber to the same levels, whatever happens to the book', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(null, price('2'), price('5')),
        fc.array(fc.tuple(changes, changes), { maxLength: 30 }),
        (depth, priceStep, steps) => {
          const book = new OrderBook();
          const window = new BookWindow(depth, priceStep);
          const subscriber = new OrderBook();
          for (const [bids, asks] of steps) {
            book.apply({ bids: levels(bids), asks: levels(asks) });
            const told = window.follow(book);
            if (told !== null) subscriber.apply(told);
            expect(subscriber.top(100)).toEqual(topOfBook(book, depth, priceStep));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
