import { describe, expect, it } from 'vitest';
import { OrderBook } from './order-book.ts';
import { drawBook, drawing, orderId, tradeGroupId } from './test-book.ts';

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
    expect(book.cancel(name)).toBe(true);
    expect(book.drawn()).toContain(`| ${rest} | 100 |`);
    expect(book.resting(name)).toBeUndefined();
  });

  it('takes its price out with the last order there', () => {
    const book = drawBook(DRAWN);
    for (const name of ['b', 'a', 'c']) book.cancel(name);
    expect(book.book.best('BUY')?.priceTicks).toBe(99);
    expect(book.book.orderCount).toBe(2);
  });

  it('is no error for an order that is not in', () => {
    const book = drawBook(DRAWN);
    expect(book.book.remove(99)).toBe(false);
    expect(book.drawn()).toBe(drawing(DRAWN));
  });
});

describe('reducing an order', () => {
  it('keeps its place, and takes it out with nothing left', () => {
    const book = drawBook(DRAWN);
    book.reduce('a', 2);
    expect(book.drawn()).toContain('| 1 a, 1 b, 2 c | 100 |');
    book.reduce('a', 1);
    expect(book.drawn()).toContain('| 1 b, 2 c | 100 |');
  });

  it('takes what an iceberg hides first', () => {
    const book = drawBook(`
      | bid        | price | ask |
      | 3+4 a, 1 b |   100 |     |`);
    book.reduce('a', 4);
    expect(book.drawn()).toBe('| 3 a, 1 b | 100 | |');
    book.reduce('a', 1);
    expect(book.drawn()).toBe('| 2 a, 1 b | 100 | |');
  });

  it('refuses more than it has, and an order that is not in', () => {
    const book = drawBook(DRAWN);
    expect(() => book.reduce('b', 2)).toThrow('Invariant: an order loses more than it has');
    expect(() => book.book.reduce(99, 1)).toThrow('Invariant: the order does not rest here');
  });
});

describe('adding an order', () => {
  const order = {
    orderId: orderId('a'),
    tradeGroupId: tradeGroupId('a'),
    priority: 1,
    side: 'BUY',
    priceTicks: 1,
    shownSteps: 1,
    hiddenSteps: 0,
    displaySteps: null,
  } as const;

  it.each([
    ['a price of no ticks', { priceTicks: 0 }],
    ['a part of a tick', { priceTicks: 0.5 }],
    ['more ticks than are exact', { priceTicks: 2 ** 53 }],
    ['no quantity', { shownSteps: 0 }],
    ['more steps than are exact', { shownSteps: 2 ** 53 }],
    ['a hidden part of a step', { hiddenSteps: 0.5 }],
  ])('refuses %s', (_, wrong) => {
    expect(() => new OrderBook().add({ ...order, ...wrong })).toThrow('Invariant: an order');
  });

  it('refuses a priority that is taken', () => {
    const book = new OrderBook();
    book.add(order);
    const again = { ...order, orderId: orderId('b'), priceTicks: 2 };
    expect(() => book.add(again)).toThrow('Invariant: a priority is given twice');
  });
});
