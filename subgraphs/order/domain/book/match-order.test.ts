import { describe, expect, it } from 'vitest';
import { drawBook, drawing } from './test-book.ts';

describe('price priority', () => {
  it('takes the best price first, though a worse one is older', () => {
    const book = drawBook(`
      | bid | price | ask |
      |     |   101 | 5 a |
      |     |   100 | 3 b |`);
    expect(book.match('BUY 4 @ 101')).toEqual(['b 3 @ 100', 'a 1 @ 101']);
  });

  it('trades at the price of the order that rests, not at the better limit that comes', () => {
    const book = drawBook(`
      | bid | price | ask |
      | 2 a |    99 |     |
      | 2 b |    98 |     |`);
    expect(book.match('SELL 3 @ 90')).toEqual(['a 2 @ 99', 'b 1 @ 98']);
  });

  it('stops at the limit, and includes it', () => {
    const book = drawBook(`
      | bid | price | ask |
      |     |   102 | 1 c |
      |     |   101 | 1 b |
      |     |   100 | 1 a |`);
    expect(book.match('BUY 3 @ 101')).toEqual(['a 1 @ 100', 'b 1 @ 101', 'rests 1 @ 101']);
  });
});

describe('time priority', () => {
  it('fills the older of two asks at one price first', () => {
    const book = drawBook(`
      | bid | price | ask      |
      |     |   101 | 5 a      |
      |     |   100 | 3 b, 2 c |
      | 2 d |    99 |          |`);
    expect(book.match('BUY 4 @ 100')).toEqual(['b 3 @ 100', 'c 1 @ 100']);
    expect(book.drawn()).toBe(
      drawing(`
      | bid | price | ask |
      |     |   101 | 5 a |
      |     |   100 | 1 c |
      | 2 d |    99 |     |`),
    );
  });

  it('keeps the place of an order that was filled in part', () => {
    const book = drawBook(`
      | bid      | price | ask |
      | 3 a, 3 b |   100 |     |`);
    expect(book.match('SELL 1 @ 100')).toEqual(['a 1 @ 100']);
    expect(book.match('SELL 4 @ 100')).toEqual(['a 2 @ 100', 'b 2 @ 100']);
  });

  it('puts a residual behind those that rest at its price', () => {
    const book = drawBook(`
      | bid | price | ask |
      |     |   100 | 1 a |
      | 2 b |    99 |     |`);
    expect(book.match('new: BUY 5 @ 99')).toEqual(['rests 5 @ 99']);
    expect(book.drawn()).toBe(
      drawing(`
      | bid        | price | ask |
      |            |   100 | 1 a |
      | 2 b, 5 new |    99 |     |`),
    );
  });
});

describe('the house', () => {
  it('comes after every client at its price', () => {
    const book = drawBook(`
      | bid | price | ask          |
      |     |   100 | 1 a, 9 house |`);
    book.match('late: SELL 2 @ 100');
    expect(book.match('BUY 5 @ 100')).toEqual(['a 1 @ 100', 'late 2 @ 100', 'house 2 @ 100']);
  });

  it('comes before clients who ask for more', () => {
    const book = drawBook(`
      | bid     | price | ask |
      | 2 house |   100 |     |
      | 5 a     |    99 |     |
      | 4 house |    98 |     |`);
    expect(book.match('SELL 9 @ 98')).toEqual(['house 2 @ 100', 'a 5 @ 99', 'house 2 @ 98']);
    expect(book.drawn()).toBe(
      drawing(`
      | bid     | price | ask |
      | 2 house |    98 |     |`),
    );
  });

  it('offers no more than once what it quoted', () => {
    const book = drawBook(`
      | bid | price | ask     |
      |     |   100 | 3 house |`);
    expect(book.match('BUY 2 @ 100 IOC')).toEqual(['house 2 @ 100']);
    expect(book.match('BUY 2 @ 100 IOC')).toEqual([
      'house 1 @ 100',
      'expires 1 UNFILLED_IOC_QUANTITY',
    ]);
  });
});

describe('what is left', () => {
  const asks = `
    | bid | price | ask |
    |     |   110 | 5 b |
    |     |   100 | 5 a |`;

  it.each([
    ['GTC rests with all of it', 'BUY 3 @ 99', ['rests 3 @ 99']],
    ['GTC rests with the rest', 'BUY 7 @ 100', ['a 5 @ 100', 'rests 2 @ 100']],
    ['IOC expires with all of it', 'BUY 3 @ 99 IOC', ['expires 3 UNFILLED_IOC_QUANTITY']],
    [
      'IOC expires with the rest, though more waits beyond its limit',
      'BUY 7 @ 100 IOC',
      ['a 5 @ 100', 'expires 2 UNFILLED_IOC_QUANTITY'],
    ],
    [
      'MARKET stops at the collar when more waits outside',
      'BUY 7 MARKET 109',
      ['a 5 @ 100', 'expires 2 PRICE_RANGE_EXCEEDED'],
    ],
    [
      'MARKET trades nothing when all waits outside the collar',
      'BUY 7 MARKET 99',
      ['expires 7 PRICE_RANGE_EXCEEDED'],
    ],
    [
      'MARKET expires with what the book had not',
      'BUY 11 MARKET 110',
      ['a 5 @ 100', 'b 5 @ 110', 'expires 1 UNFILLED_IOC_QUANTITY'],
    ],
    ['MARKET finds nobody at all', 'SELL 1 MARKET 1', ['expires 1 INSUFFICIENT_LIQUIDITY']],
    ['nothing is left of a full fill', 'BUY 10 @ 110', ['a 5 @ 100', 'b 5 @ 110']],
  ])('%s: %s', (_, command, lines) => {
    expect(drawBook(asks).match(command)).toEqual(lines);
  });
});
