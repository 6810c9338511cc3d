import { describe, expect, it } from 'vitest';
import { OrderBook } from './order-book.ts';
import { drawBook, drawing, orderId } from './test-book.ts';

const DRAWN = `
  | bid           | price | ask |
  |               |   101 | 2 d |
  | 3 a, 1 b, 2 c |   100 |     |
  | 4 e           |    99 |     |`;

describe('taking an order out', () => {
  it.each([
    ['first', 'a', '1 b, 2 c'],
    ['middle', 'b', '3 a, 2 c'],
    ['last', 'c', '3 a, 1 b'],
  ])('leaves the others of its price in their order: the %s', (_, name, rest) => {
    const book = drawBook(DRAWN);
    expect(book.book.remove(orderId(name))).toBe(true);
    expect(book.drawn()).toContain(`| ${rest} | 100 |`);
    expect(book.book.find(orderId(name))).toBeNull();
  });

  it('takes its price out with the last order there', () => {
    const book = drawBook(DRAWN);
    for (const name of ['b', 'a', 'c']) book.book.remove(orderId(name));
    expect(book.book.best('BUY')?.priceTicks).toBe(99);
    expect(book.book.orderCount).toBe(2);
  });

  it('is no error for an order that is not in', () => {
    const book = drawBook(DRAWN);
    expect(book.book.remove(orderId('x'))).toBe(false);
    expect(book.drawn()).toBe(drawing(DRAWN));
  });
});

describe('reducing an order', () => {
  it('keeps its place, and takes it out with nothing left', () => {
    const book = drawBook(DRAWN);
    book.book.reduce(orderId('a'), 2);
    expect(book.drawn()).toContain('| 1 a, 1 b, 2 c | 100 |');
    book.book.reduce(orderId('a'), 1);
    expect(book.drawn()).toContain('| 1 b, 2 c | 100 |');
  });

  it('refuses more than it has, and an order that is not in', () => {
    const { book } = drawBook(DRAWN);
    expect(() => book.reduce(orderId('b'), 2)).toThrow('Invariant: order b cannot lose 2');
    expect(() => book.reduce(orderId('x'), 1)).toThrow('Invariant: order x does not rest');
  });
});

describe('adding an order', () => {
  it.each([
    ['a price of no ticks', 0, 1],
    ['a part of a tick', 0.5, 1],
    ['more ticks than are exact', 2 ** 53, 1],
    ['no quantity', 1, 0],
    ['more steps than are exact', 1, 2 ** 53],
  ])('refuses %s', (_, priceTicks, leavesSteps) => {
    const order = { orderId: orderId('a'), side: 'BUY', priceTicks, leavesSteps } as const;
    expect(() => new OrderBook().add(order)).toThrow('Invariant: order a has');
  });

  it('refuses an order that rests already', () => {
    const { book } = drawBook(DRAWN);
    const again = { orderId: orderId('a'), side: 'SELL', priceTicks: 105, leavesSteps: 1 } as const;
    expect(() => book.add(again)).toThrow('Invariant: order a rests already');
  });
});
