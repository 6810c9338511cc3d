import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookLevelsView } from '../domain/book/level-view.ts';
import { TestBookClient } from '../test-book-client.ts';
import { TestMarket } from '../test-market.ts';
import { BookChanges } from './book-changes.ts';
import type { OrderBookFrame } from './frames.ts';
import { WholeSource } from './whole-source.ts';

/** A subscriber of the book to this depth who reads by hand. */
function subscribe(desk: TestMarket, depth: number, capacity = 1000) {
  const source = new WholeSource(new BookChanges(desk.market, { depth, priceStep: null }), {
    heartbeatMs: 5000,
    capacity,
  });
  source.open(() => undefined, desk.clock.now());
  const readAll = () => {
    const frames: OrderBookFrame[] = [];
    for (;;) {
      const frame = source.take(desk.clock.now());
      if (frame === null) return frames;
      frames.push(frame);
    }
  };
  return { source, readAll };
}

const sides = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 3 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((pairs) => pairs.map(([price, quantity]) => `${quantity} @ ${price}`).join(', '));

describe('a book stream', () => {
  it('begins with a snapshot, then changes that follow it', () => {
    const desk = new TestMarket();
    desk.snapshot('1 @ 99, 2 @ 98', '1 @ 101');
    const { readAll } = subscribe(desk, 5);
    desk.change('5 @ 99, 0 @ 98', '');
    expect(readAll()).toMatchObject([
      {
        __typename: 'OrderBookSnapshot',
        sequence: '1',
        book: {
          bids: [
            { price: '99.00', quantity: '1.00000' },
            { price: '98.00', quantity: '2.00000' },
          ],
          asks: [{ price: '101.00', quantity: '1.00000' }],
          stale: false,
        },
      },
      {
        __typename: 'OrderBookUpdate',
        sequence: '2',
        previousSequence: '1',
        bids: [
          { price: '99.00', quantity: '5.00000' },
          { price: '98.00', quantity: '0' },
        ],
        asks: [],
      },
    ]);
  });

  it('waits for the first book', () => {
    const desk = new TestMarket();
    const { readAll } = subscribe(desk, 5);
    expect(readAll()).toEqual([]);
    desk.snapshot('1 @ 99', '1 @ 101');
    expect(readAll()).toMatchObject([{ __typename: 'OrderBookSnapshot', sequence: '1' }]);
  });

  it('skips changes beyond its depth, and the chain still holds', () => {
    const desk = new TestMarket();
    desk.snapshot('1 @ 99, 1 @ 98', '');
    const { readAll } = subscribe(desk, 1);
    desk.change('7 @ 98', '');
    desk.change('7 @ 99', '');
    expect(readAll().slice(1)).toMatchObject([{ sequence: '3', previousSequence: '1' }]);
  });

  it('reports a lost book, and begins again with the rebuilt one', () => {
    const desk = new TestMarket();
    desk.snapshot('1 @ 99', '1 @ 101');
    const { readAll } = subscribe(desk, 5);
    readAll();
    desk.lose('bookLost');
    expect(readAll()).toEqual([
      {
        __typename: 'StreamGap',
        instrumentSymbol: 'BTC-USDT',
        fromSequence: '1',
        toSequence: null,
        reason: 'FEED_GAP',
      },
    ]);
    desk.snapshot('3 @ 97', '1 @ 101');
    expect(readAll()).toMatchObject([{ __typename: 'OrderBookSnapshot', sequence: '2' }]);
  });

  it('reports a book that stands still while the quotes move on, and begins again when it moves', () => {
    const desk = new TestMarket();
    desk.snapshot('1 @ 100', '1 @ 101');
    const { readAll } = subscribe(desk, 5);
    readAll();
    const quoteFor = (seconds: number, bid: number) => {
      for (let passed = 0; passed < seconds; passed += 1) {
        desk.clock.pass(1000);
        desk.quote(bid);
      }
    };
    quoteFor(8, 90);
    expect(desk.market.isBookValid).toBe(false);
    expect(readAll()).toMatchObject([
      { __typename: 'StreamGap', fromSequence: '1', toSequence: null, reason: 'FEED_GAP' },
    ]);
    desk.change('1 @ 90, 0 @ 100', '1 @ 91');
    expect(readAll()).toMatchObject([
      {
        __typename: 'OrderBookSnapshot',
        sequence: '2',
        book: { bids: [{ price: '90.00' }], stale: false },
      },
    ]);
    quoteFor(8, 80);
    expect(readAll()).toMatchObject([{ __typename: 'StreamGap', fromSequence: '2' }]);
    quoteFor(1, 90);
    expect(readAll()).toMatchObject([
      { __typename: 'OrderBookSnapshot', sequence: '2', book: { stale: false } },
    ]);
    quoteFor(8, 70);
    readAll();
    desk.lose('bookLost');
    quoteFor(1, 90);
    expect(readAll().map(({ __typename }) => __typename)).toEqual(['StreamGap']);
  });

  it('reports a market that has moved past the known levels, and begins again with more of them', () => {
    const desk = new TestMarket();
    desk.snapshot('1 @ 100, 1 @ 99', '1 @ 101', '99');
    const { readAll } = subscribe(desk, 5);
    readAll();
    desk.change('0 @ 100, 1 @ 98', '');
    expect(readAll()).toMatchObject([{ bids: [{ price: '100.00', quantity: '0' }] }]);
    desk.change('0 @ 99', '');
    expect(desk.market.isBookValid).toBe(false);
    expect(readAll()).toMatchObject([{ __typename: 'StreamGap', fromSequence: '2' }]);
    desk.change('1 @ 97', '');
    expect(readAll()).toEqual([]);
    desk.change('1 @ 99', '');
    expect(readAll()).toMatchObject([
      { sequence: '5', book: { bids: [{ price: '99.00' }], stale: false } },
    ]);
    desk.change('0 @ 99', '');
    readAll();
    desk.snapshot('1 @ 98, 1 @ 97', '1 @ 101', '97');
    expect(readAll()).toMatchObject([
      { sequence: '7', book: { bids: [{ price: '98.00' }, { price: '97.00' }], stale: false } },
    ]);
  });

  it('gives every subscriber the server’s book, whatever happens and whenever it reads', () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('change'), bids: sides, asks: sides }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('read') }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose') }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('rebuild'), bids: sides, asks: sides }),
      },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(3, 1000),
        fc.array(step, { maxLength: 40 }),
        (depth, capacity, steps) => {
          const desk = new TestMarket();
          desk.snapshot('1 @ 5', '1 @ 6');
          const { readAll } = subscribe(desk, depth, capacity);
          const client = new TestBookClient();
          for (const todo of steps) {
            if ('bids' in todo && todo.kind === 'rebuild') desk.snapshot(todo.bids, todo.asks);
            else if ('bids' in todo && !desk.market.isBookLost) desk.change(todo.bids, todo.asks);
            else if (todo.kind === 'lose') desk.lose('bookLost');
            else for (const frame of readAll()) client.read(frame);
          }
          for (const frame of readAll()) client.read(frame);
          const { book, instrument } = desk.market;
          expect(client.levels()).toEqual(bookLevelsView(book.top(depth), instrument));
        },
      ),
      { numRuns: 500 },
    );
  });
});
