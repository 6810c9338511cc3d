// Thousands of random commands on small books, the invariants checked after each one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HouseLevels } from './house-liquidity.ts';
import type { IncomingOrder } from './match-order.ts';
import { orderId, ordersOf, TestBook } from './test-book.ts';
import { NaiveBook } from './test-naive-book.ts';

type Command =
  | { readonly kind: 'send'; readonly incoming: IncomingOrder }
  | { readonly kind: 'cancel'; readonly age: number }
  | { readonly kind: 'quote'; readonly house: HouseLevels };

const price = fc.integer({ min: 90, max: 110 });
const quantity = fc.integer({ min: 1, max: 9 });
const kinds = [
  { orderType: 'LIMIT', timeInForce: 'GTC' },
  { orderType: 'LIMIT', timeInForce: 'GTC' },
  { orderType: 'LIMIT', timeInForce: 'IOC' },
  { orderType: 'MARKET', timeInForce: 'IOC' },
] as const;
const side = fc.constantFrom('BUY', 'SELL');
const incoming = fc
  .record({ side, worstTicks: price, quantitySteps: quantity, terms: fc.constantFrom(...kinds) })
  .map(({ terms, ...rest }): IncomingOrder => ({ ...rest, ...terms }));

function houseAround([middle, steps]: readonly [number, readonly number[]]): HouseLevels {
  const level = (priceTicks: number) => (leavesSteps: number, index: number) => ({
    priceTicks: priceTicks + index * Math.sign(priceTicks - middle),
    leavesSteps,
  });
  return { BUY: steps.map(level(middle - 1)), SELL: steps.map(level(middle + 1)) };
}

const house = fc.tuple(price, fc.array(quantity, { maxLength: 3 })).map(houseAround);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: incoming.map((order) => ({ kind: 'send' as const, incoming: order })) },
  { weight: 2, arbitrary: fc.nat(30).map((age) => ({ kind: 'cancel' as const, age })) },
  { weight: 1, arbitrary: house.map((levels) => ({ kind: 'quote' as const, house: levels })) },
);
const commands = fc.array(command, { maxLength: 150, size: 'max' });

/** Does one command in both books. @returns what each said, without what is left */
function perform(test: TestBook, naive: NaiveBook, next: Command, index: number): string[][] {
  switch (next.kind) {
    case 'send': {
      const lines = test.send(`o${index}`, next.incoming);
      const matches = lines.filter((line) => line.includes('@'));
      return [matches, naive.send(`o${index}`, next.incoming)];
    }
    case 'cancel':
      test.book.remove(orderId(`o${index - next.age}`));
      naive.cancel(`o${index - next.age}`);
      return [[], []];
    case 'quote':
      return [test.quote(next.house), naive.quote(next.house)];
  }
}

function stepsOf(line: string): number {
  return Number(line.split(' ')[1]);
}

function restingSteps({ book }: TestBook): number {
  let steps = 0;
  for (const each of ['BUY', 'SELL'] as const) {
    for (let level = book.best(each); level !== null; level = level.worse) {
      for (const order of ordersOf(level)) steps += Number.parseInt(order, 10);
    }
  }
  return steps;
}

function houseSteps({ house: { BUY, SELL } }: TestBook): number {
  return [...BUY, ...SELL].reduce((sum, level) => sum + level.leavesSteps, 0);
}

function expectUncrossed({ book, house: { BUY, SELL } }: TestBook): void {
  const bid = book.best('BUY')?.priceTicks ?? -Infinity;
  const ask = book.best('SELL')?.priceTicks ?? Infinity;
  expect(bid).toBeLessThan(ask);
  expect(bid).toBeLessThan(SELL[0]?.priceTicks ?? Infinity);
  expect(ask).toBeGreaterThan(BUY[0]?.priceTicks ?? -Infinity);
}

describe('any commands', () => {
  it('match as the naive book does, in its order, and never leave a crossed book', () => {
    fc.assert(
      fc.property(commands, (all) => {
        const [test, naive] = [new TestBook({ BUY: [], SELL: [] }), new NaiveBook()];
        all.forEach((next, index) => {
          const [matches, expected] = perform(test, naive, next, index);
          expect(matches).toEqual(expected);
          expectUncrossed(test);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('neither make nor lose quantity: each order is matched, left, or both, and makers shrink', () => {
    fc.assert(
      fc.property(commands, (all) => {
        const test = new TestBook({ BUY: [], SELL: [] });
        for (const [index, next] of all.entries()) {
          if (next.kind === 'quote') test.quote(next.house);
          if (next.kind !== 'send') continue;
          const before = restingSteps(test) + houseSteps(test);
          const lines = test.send(`o${index}`, next.incoming);
          const sum = lines.reduce((steps, line) => steps + stepsOf(line), 0);
          expect(sum).toBe(next.incoming.quantitySteps);
          const matched = lines.filter((line) => line.includes('@'));
          const rested = lines.filter((line) => line.startsWith('rests'));
          const total = (some: string[]) => some.reduce((steps, line) => steps + stepsOf(line), 0);
          const after = restingSteps(test) + houseSteps(test);
          expect(after).toBe(before - total(matched) + total(rested));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('give the same events and the same book when they come again', () => {
    fc.assert(
      fc.property(commands, (all) => {
        const runs = [0, 1].map(() => {
          const [test, naive] = [new TestBook({ BUY: [], SELL: [] }), new NaiveBook()];
          const told = all.map((next, index) => perform(test, naive, next, index)[0]);
          return { told, book: test.drawn() };
        });
        expect(runs[1]).toEqual(runs[0]);
      }),
      { numRuns: 50 },
    );
  });
});
