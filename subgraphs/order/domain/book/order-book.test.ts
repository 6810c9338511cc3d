import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from './order-book.ts';
import type { NewRestingOrder } from './resting-order.ts';
import { accountId, drawBook, drawing, orderId, restingOrders } from './test-book.ts';

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
    accountId: accountId('a'),
    placedBy: null,
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

describe('a book of two prices and many orders', () => {
  const change = fc.record({
    kind: fc.constantFrom('add', 'add', 'add', 'remove', 'fill', 'reduce'),
    priceTicks: fc.constantFrom(1, 2),
    hiddenSteps: fc.constantFrom(0, 0, 2),
    at: fc.nat(99),
  });

  it('is what a plain list of the orders says, whatever came and went before', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 200, maxLength: 600, size: 'max' }), (changes) => {
        const [book, list] = [new OrderBook(), new ListedBook()];
        for (const { kind, at, ...order } of changes) {
          if (kind === 'add') {
            const added = list.add(order);
            book.add(added);
            continue;
          }
          const known = list.at(at);
          const met = known === undefined ? null : book.find(known.priority);
          if (known === undefined || met === null) continue;
          if (kind === 'remove') expect(book.remove(known.priority)).toBe(true);
          else if (kind === 'fill') book.fill(met, known.shownSteps, () => list.lastPriority + 1);
          else book.reduce(known.priority, 1);
          list.change(known, kind);
        }
        expect(restingOrders(book).map(told)).toEqual(list.sorted().map(told));
        expect(book.orderCount).toBe(list.sorted().length);
      }),
      { numRuns: 100 },
    );
  });
});

function told({ orderId: name, priority, priceTicks, shownSteps, hiddenSteps }: NewRestingOrder) {
  return `${priority} ${name}: ${shownSteps}+${hiddenSteps} @ ${priceTicks}`;
}

/** Orders to buy in a plain list, in the order of their priorities. */
class ListedBook {
  #orders: NewRestingOrder[] = [];
  lastPriority = 0;

  at(index: number): NewRestingOrder | undefined {
    return this.#orders[index % Math.max(1, this.#orders.length)];
  }

  add(order: Pick<NewRestingOrder, 'priceTicks' | 'hiddenSteps'>): NewRestingOrder {
    const priority = (this.lastPriority += 1);
    const name = `o${priority}`;
    const [id, account] = [orderId(name), accountId(`g${priority % 3}`)];
    const displaySteps = order.hiddenSteps === 0 ? null : 2;
    const shown = { side: 'BUY', shownSteps: 2, displaySteps } as const;
    const added = { ...order, ...shown, priority, orderId: id, accountId: account, placedBy: null };
    this.#orders.push(added);
    return added;
  }

  /** Takes it out, fills all that it shows, or takes one step off it. */
  change(order: NewRestingOrder, kind: string): void {
    const others = this.#orders.filter((other) => other !== order);
    const { hiddenSteps, shownSteps } = order;
    if (kind === 'fill' && hiddenSteps > 0)
      others.push({
        ...order,
        priority: (this.lastPriority += 1),
        shownSteps: Math.min(hiddenSteps, 2),
        hiddenSteps: hiddenSteps - Math.min(hiddenSteps, 2),
      });
    if (kind === 'reduce' && hiddenSteps + shownSteps > 1)
      others.push(
        hiddenSteps > 0
          ? { ...order, hiddenSteps: hiddenSteps - 1 }
          : { ...order, shownSteps: shownSteps - 1 },
      );
    this.#orders = others.sort((left, right) => left.priority - right.priority);
  }

  /** The best price first, the oldest first. */
  sorted(): NewRestingOrder[] {
    return this.#orders.toSorted(
      (left, right) => right.priceTicks - left.priceTicks || left.priority - right.priority,
    );
  }
}
