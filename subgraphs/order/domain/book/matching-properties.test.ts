// Thousands of random commands on small books, the invariants checked after each one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HouseLevels } from '../house-liquidity.ts';
import { leavesOf } from './resting-order.ts';
import { restingOrders, type SentOrder, TestBook } from './test-book.ts';
import { NaiveBook } from './test-naive-book.ts';

type Command =
  | { readonly kind: 'send'; readonly sent: SentOrder }
  | { readonly kind: 'cancel'; readonly age: number }
  | { readonly kind: 'quote'; readonly house: HouseLevels };

const price = fc.integer({ min: 90, max: 110 });
const quantity = fc.integer({ min: 1, max: 9 });
const OFF = { postOnly: 'OFF', showsSteps: null } as const;
const LIMIT = { ...OFF, orderType: 'LIMIT', timeInForce: 'GTC' } as const;
const terms = fc.constantFrom<
  Pick<SentOrder, 'orderType' | 'timeInForce' | 'postOnly' | 'showsSteps'>
>(
  LIMIT,
  LIMIT,
  { ...LIMIT, showsSteps: 1 },
  { ...LIMIT, showsSteps: 2 },
  { ...LIMIT, timeInForce: 'IOC' },
  { ...LIMIT, timeInForce: 'FOK' },
  { ...LIMIT, postOnly: 'REJECT' },
  { ...LIMIT, postOnly: 'REPRICE', showsSteps: 3 },
  { ...OFF, orderType: 'MARKET', timeInForce: 'IOC' },
  { ...OFF, orderType: 'MARKET', timeInForce: 'FOK' },
);
const sent = fc
  .record({
    side: fc.constantFrom('BUY', 'SELL'),
    group: fc.constantFrom('ann', 'ben', 'cid'),
    worstTicks: price,
    quantitySteps: quantity,
    terms,
    selfTradePrevention: fc.constantFrom(
      'CANCEL_TAKER',
      'CANCEL_MAKER',
      'CANCEL_BOTH',
      'DECREMENT',
    ),
  })
  .map(({ terms: what, ...rest }): SentOrder => ({ ...rest, ...what, quoteBudget: null }));

function houseAround([middle, steps]: readonly [number, readonly number[]]): HouseLevels {
  const level = (priceTicks: number) => (leavesSteps: number, index: number) => ({
    priceTicks: priceTicks + index * Math.sign(priceTicks - middle),
    leavesSteps,
  });
  return { BUY: steps.map(level(middle - 1)), SELL: steps.map(level(middle + 1)) };
}

const house = fc.tuple(price, fc.array(quantity, { maxLength: 3 })).map(houseAround);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: sent.map((order) => ({ kind: 'send' as const, sent: order })) },
  { weight: 2, arbitrary: fc.nat(30).map((age) => ({ kind: 'cancel' as const, age })) },
  { weight: 1, arbitrary: house.map((levels) => ({ kind: 'quote' as const, house: levels })) },
);
const commands = fc.array(command, { maxLength: 150, size: 'max' });
const noHouse = (): TestBook => new TestBook({ BUY: [], SELL: [] });

/** Does one command. @returns what it said */
function perform(book: TestBook | NaiveBook, next: Command, index: number): string[] {
  switch (next.kind) {
    case 'send':
      return book.send(`o${index}`, next.sent);
    case 'cancel':
      book.cancel(`o${index - next.age}`);
      return [];
    case 'quote':
      return book.quote(next.house);
  }
}

/** Checks each command that is sent, on its own and with the book as it was before. */
function forEachSent(
  check: (one: {
    readonly sent: SentOrder;
    readonly lines: readonly string[];
    readonly test: TestBook;
    /** The book and its orders before the command. */
    readonly before: { readonly drawn: string; readonly steps: number };
  }) => void,
): void {
  fc.assert(
    fc.property(commands, (all) => {
      const test = noHouse();
      for (const [index, next] of all.entries()) {
        const before = { drawn: test.drawn(), steps: restingSteps(test) + houseSteps(test) };
        const lines = perform(test, next, index);
        if (next.kind === 'send') check({ sent: next.sent, lines, test, before });
      }
    }),
    { numRuns: 200 },
  );
}

function restingSteps(test: TestBook): number {
  return restingOrders(test.book).reduce((steps, order) => steps + leavesOf(order), 0);
}

function houseSteps({ house: { BUY, SELL } }: TestBook): number {
  return [...BUY, ...SELL].reduce((sum, level) => sum + level.leavesSteps, 0);
}

const MATCH = /^(?!rests )\w+ (\d+) @ \d+$/;
const PREVENTION = /^\w+ -(\d+) @ \d+ \w+ -(\d+)$/;
const REST = /^(?:rests|expires) (\d+) /;

/** The sum of one group of all lines that a pattern fits. */
function sumOf(lines: readonly string[], pattern: RegExp, group = 1): number {
  return lines.reduce((sum, line) => sum + Number(pattern.exec(line)?.[group] ?? 0), 0);
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
        const [test, naive] = [noHouse(), new NaiveBook()];
        all.forEach((next, index) => {
          expect(perform(test, next, index)).toEqual(perform(naive, next, index));
          expectUncrossed(test);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('neither make nor lose quantity: all of it is traded, prevented or left', () => {
    forEachSent(({ sent: { quantitySteps }, lines, test, before }) => {
      const traded = sumOf(lines, MATCH);
      const isRejected = lines.includes('rejected');
      const prevented = { maker: sumOf(lines, PREVENTION), taker: sumOf(lines, PREVENTION, 2) };
      const left = isRejected ? quantitySteps : sumOf(lines, REST);
      expect(traded + prevented.taker + left).toBe(quantitySteps);
      const rested = lines.some((line) => line.startsWith('rests')) ? left : 0;
      const after = restingSteps(test) + houseSteps(test);
      expect(after).toBe(before.steps - traded - prevented.maker + rested);
    });
  });

  it('leave each level in the order of priority', () => {
    forEachSent(({ test }) => {
      for (const order of restingOrders(test.book))
        if (order.younger !== null) expect(order.younger.priority).toBeGreaterThan(order.priority);
    });
  });

  it('fill a FOK order wholly, or leave everything as it was', () => {
    forEachSent(({ sent: { timeInForce, quantitySteps }, lines, test, before }) => {
      if (timeInForce !== 'FOK') return;
      if (sumOf(lines, MATCH) === quantitySteps) return;
      expect(lines).toEqual([`expires ${quantitySteps} UNFILLED_FOK_ORDER`]);
      expect(test.drawn()).toBe(before.drawn);
    });
  });

  it('never let a post-only order take', () => {
    forEachSent(({ sent: { postOnly, quantitySteps }, lines }) => {
      if (postOnly === 'OFF') return;
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(
        postOnly === 'REJECT' ? /^(rests|rejected)/ : new RegExp(`^rests ${quantitySteps} `),
      );
    });
  });

  it('never trade two orders of one account', () => {
    const groups = new Map<string, string>();
    fc.assert(
      fc.property(commands, (all) => {
        const test = noHouse();
        groups.clear();
        for (const [index, next] of all.entries()) {
          const lines = perform(test, next, index);
          if (next.kind !== 'send') continue;
          const { group = '' } = next.sent;
          groups.set(`o${index}`, group);
          for (const line of lines)
            if (MATCH.test(line)) expect(groups.get(line.split(' ')[0] ?? '')).not.toBe(group);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('give the same events and the same book when they come again', () => {
    fc.assert(
      fc.property(commands, (all) => {
        const runs = [0, 1].map(() => {
          const test = noHouse();
          return { told: all.map((next, index) => perform(test, next, index)), book: test.drawn() };
        });
        expect(runs[1]).toEqual(runs[0]);
      }),
      { numRuns: 50 },
    );
  });

  it('leave a book that is the same when it is put together again from its orders', () => {
    forEachSent(({ test }) => {
      const again = noHouse();
      again.house = test.house;
      for (const order of restingOrders(test.book).sort((a, b) => a.priority - b.priority))
        again.book.add(order);
      expect(again.drawn()).toBe(test.drawn());
    });
  });
});
