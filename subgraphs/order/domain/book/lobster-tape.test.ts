// A real exchange's tape (AAPL on NASDAQ, LOBSTER sample) against the engine: the book is seeded
// with the first row, every message is applied, and every execution of a visible order is sent as an
// incoming order. What must match and how the book stands is what the exchange did. The tape tells
// only of its ten best levels, so what changed below them meanwhile is taken over from the row when it
// comes into view: 14 times, always at the tenth level.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { BookLevel } from './resting-order.ts';
import type { OrderSide } from '../order.ts';
import { ordersOf, TestBook } from './test-book.ts';

const dataDirectory =
  process.env['DATA_DIR'] ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const tape = `${dataDirectory}/matching/lobster-aapl/AAPL_2012-06-21_34200000_57600000`;
const isThere = existsSync(`${tape}_message_10.csv`);
if (!isThere) console.warn(`Skipped: no tape at ${tape}; name the data's folder in DATA_DIR.`);

interface Message {
  readonly kind: 'add' | 'reduce' | 'delete' | 'execute' | 'hidden';
  readonly id: string;
  readonly quantitySteps: number;
  readonly priceTicks: number;
  /** Of the order that rests. */
  readonly side: OrderSide;
}

const KINDS: Readonly<Record<string, Message['kind']>> = {
  1: 'add',
  2: 'reduce',
  3: 'delete',
  4: 'execute',
  5: 'hidden',
};

function rowsOf(name: string): string[][] {
  const lines = readFileSync(`${tape}_${name}_10.csv`, 'utf8').trim().split(/\r?\n/);
  return lines.map((line) => line.split(','));
}

function messageOf([, kind = '', id = '', size, price, side]: string[]): Message {
  return {
    kind: KINDS[kind] ?? 'hidden',
    id,
    quantitySteps: Number(size),
    priceTicks: Number(price),
    side: side === '1' ? 'BUY' : 'SELL',
  };
}

interface TapeLevel {
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly leavesSteps: number;
}

/** The ten levels of each side in a row, best first: ask, bid, ask, bid … */
function levelsOf(row: readonly string[] = []): TapeLevel[] {
  const columns = row.flatMap((_, column) => (column % 2 === 0 ? [column] : []));
  return columns.map((column) => ({
    side: column % 4 === 0 ? 'SELL' : 'BUY',
    priceTicks: Number(row[column]),
    leavesSteps: Number(row[column + 1]),
  }));
}

/** Stands for all orders of a level that are older than the tape: whose they are it does not tell. */
const seedName = (side: OrderSide, priceTicks: number) => `seed_${side}_${priceTicks}`;

function seed(test: TestBook, { side, priceTicks, leavesSteps }: TapeLevel): void {
  test.add({ name: seedName(side, priceTicks), side, priceTicks, shownSteps: leavesSteps });
}

/** What an execution must say, and whether the tape has told of the order before. */
interface Execution {
  readonly told: string[];
  readonly expected: string[];
  readonly isKnown: boolean;
}

/** Applies a message. @returns the execution, for one of a visible order */
function apply(test: TestBook, known: ReadonlySet<string>, message: Message): Execution | null {
  const { id, side, priceTicks, quantitySteps } = message;
  // The tape names orders older than itself by ids of their own; here they are their level's seed.
  const resting = known.has(id) ? id : seedName(side, priceTicks);
  switch (message.kind) {
    case 'add':
      test.add({ name: resting, side, priceTicks, shownSteps: quantitySteps });
      return null;
    case 'reduce':
    case 'delete':
      test.reduce(resting, quantitySteps);
      return null;
    case 'execute': {
      const taker = side === 'BUY' ? 'SELL' : 'BUY';
      const told = test.match(`${taker} ${quantitySteps} @ ${priceTicks} IOC`);
      const expected = [`${resting} ${quantitySteps} @ ${priceTicks}`];
      return { told, expected, isKnown: known.has(id) };
    }
    case 'hidden':
      return null;
  }
}

/** The book as a row of the tape. */
function rowOf({ book }: TestBook): TapeLevel[] {
  let [ask, bid] = [book.best('SELL'), book.best('BUY')];
  const levels: TapeLevel[] = [];
  for (let depth = 0; depth < 10; depth += 1) {
    levels.push(...[ask, bid].flatMap((level) => (level === null ? [] : [tapeLevel(level)])));
    [ask, bid] = [ask?.worse ?? null, bid?.worse ?? null];
  }
  return levels;
}

function tapeLevel(level: BookLevel): TapeLevel {
  const leavesSteps = ordersOf(level).reduce((sum, order) => sum + Number.parseInt(order, 10), 0);
  return { side: level.side, priceTicks: level.priceTicks, leavesSteps };
}

/** The tenth level of a side as the book has it. */
function tenth(test: TestBook, side: OrderSide): TapeLevel | undefined {
  return rowOf(test).filter((level) => level.side === side)[9];
}

function isSame(left: TapeLevel | undefined, right: TapeLevel): boolean {
  return left?.priceTicks === right.priceTicks && left.leavesSteps === right.leavesSteps;
}

/** Makes the tenth level what the row says: orders came, shrank or left while it was out of view. */
function takeOver(test: TestBook, level: TapeLevel): void {
  const sign = level.side === 'SELL' ? 1 : -1;
  let here = tenth(test, level.side);
  while (here !== undefined && (level.priceTicks - here.priceTicks) * sign > 0) {
    for (const name of namesAt(test, here)) test.cancel(name);
    here = tenth(test, level.side);
  }
  const had = here?.priceTicks === level.priceTicks ? here.leavesSteps : 0;
  if (had < level.leavesSteps) seed(test, { ...level, leavesSteps: level.leavesSteps - had });
  let tooMuch = had - level.leavesSteps;
  for (const name of namesAt(test, level).reverse()) {
    const steps = Math.min(tooMuch, test.resting(name)?.shownSteps ?? 0);
    if (steps > 0) test.reduce(name, steps);
    tooMuch -= Math.max(steps, 0);
  }
}

/** The orders at a level's price, oldest first. */
function namesAt({ book }: TestBook, { side, priceTicks }: TapeLevel): string[] {
  let level = book.best(side);
  while (level !== null && level.priceTicks !== priceTicks) level = level.worse;
  return level === null ? [] : ordersOf(level).map((order) => order.split(' ')[1] ?? '');
}

describe.skipIf(!isThere)('the tape of a real exchange', () => {
  it('names the very orders that traded, and stands where the exchange stood after each', () => {
    const [first, ...rows] = rowsOf('orderbook').map(levelsOf);
    const [, ...messages] = rowsOf('message').map(messageOf);
    const test = new TestBook({ BUY: [], SELL: [] });
    for (const level of first ?? []) seed(test, level);
    const known = new Set<string>();
    const executions: Execution[] = [];
    let changedBelow = 0;
    for (const [index, message] of messages.entries()) {
      if (message.kind === 'add') known.add(message.id);
      const execution = apply(test, known, message);
      if (execution !== null) executions.push(execution);

      const row = rows[index] ?? [];
      expect(rowOf(test).slice(0, 18), `after message ${index + 2}`).toEqual(row.slice(0, 18));
      const changed = row.slice(18).filter((level) => !isSame(tenth(test, level.side), level));
      for (const level of changed) takeOver(test, level);
      changedBelow += changed.length;
      expect(rowOf(test), `after message ${index + 2}`).toEqual(row);
    }

    for (const { told, expected } of executions) expect(told).toEqual(expected);
    expect(executions).toHaveLength(98);
    expect(executions.filter(({ isKnown }) => isKnown)).toHaveLength(94);
    expect([rows.length, changedBelow]).toEqual([998, 14]);
  });
});
