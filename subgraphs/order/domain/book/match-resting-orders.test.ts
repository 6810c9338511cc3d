import { describe, expect, it } from 'vitest';
import { drawBook, drawing } from './test-book.ts';

describe('a house that moves through resting orders', () => {
  it('takes the better priced first and the older at one price, each at its own price', () => {
    const book = drawBook(`
      | bid      | price | ask |
      | 1 a      |   100 |     |
      | 2 b, 2 c |    99 |     |
      | 5 d      |    98 |     |`);
    const moved = { BUY: [], SELL: [{ priceTicks: 98, leavesSteps: 4 }] };
    expect(book.quote(moved)).toEqual(['a 1 @ 100', 'b 2 @ 99', 'c 1 @ 99']);
    expect(book.drawn()).toBe(
      drawing(`
      | bid | price | ask |
      | 1 c |    99 |     |
      | 5 d |    98 |     |`),
    );
  });

  it('gives one order one match, though it takes several of its levels', () => {
    const book = drawBook(`
      | bid | price | ask |
      |     |   100 | 9 a |
      |     |   103 | 5 b |`);
    const bids = [
      { priceTicks: 102, leavesSteps: 3 },
      { priceTicks: 101, leavesSteps: 4 },
      { priceTicks: 99, leavesSteps: 9 },
    ];
    expect(book.quote({ BUY: bids, SELL: [] })).toEqual(['a 7 @ 100']);
    expect(book.drawn()).toBe(
      drawing(`
      | bid     | price | ask |
      |         |   103 | 5 b |
      |         |   100 | 2 a |
      | 9 house |    99 |     |`),
    );
  });

  it('does nothing if it only comes near', () => {
    const book = drawBook(`
      | bid | price | ask |
      |     |   102 | 1 b |
      | 1 a |   100 |     |`);
    const near = {
      BUY: [{ priceTicks: 101, leavesSteps: 5 }],
      SELL: [{ priceTicks: 101, leavesSteps: 5 }],
    };
    expect(book.quote(near)).toEqual([]);
  });

  it('takes both sides of a book that it has jumped over twice', () => {
    const book = drawBook(`
      | bid | price | ask |
      |     |   102 | 1 b |
      | 1 a |   100 |     |`);
    const wild = {
      BUY: [{ priceTicks: 102, leavesSteps: 5 }],
      SELL: [{ priceTicks: 100, leavesSteps: 5 }],
    };
    expect(book.quote(wild)).toEqual(['a 1 @ 100', 'b 1 @ 102']);
  });
});
