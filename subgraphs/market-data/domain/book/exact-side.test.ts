import { expect, it, vi } from 'vitest';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { levels } from '../../test-market.ts';
import { plainSide } from './book-side.ts';
import { ExactSide } from './exact-side.ts';
import type { Level } from './level.ts';
import { LevelRows } from './level-rows.ts';

it('gives as many levels as are asked for, also none, held either way', () => {
  const rows = new LevelRows();
  for (const price of [7, 6, 5]) rows.add(price, 1, 0);
  const [inRows, exact] = [plainSide('bid'), plainSide('bid')];
  inRows.replace(rows);
  exact.replace(levels('1 @ 7, 1 @ 6, 1 @ 5'));
  expect([inRows.rows === null, exact.rows === null]).toEqual([false, true]);
  for (const side of [inRows, exact])
    expect([0, 2, 3, 9, Infinity].map((count) => side.top(count).length)).toEqual([0, 2, 3, 3, 3]);
});

function levelAt(price: number): Level {
  return { price: priceOfUnits(BigInt(price)), quantity: quantityOfUnits(BigInt(price)) };
}

it.each(['bid', 'ask'] as const)('puts few levels of many into a %s side one by one', (name) => {
  const count = 20_011;
  const many = Array.from({ length: count }, (_, place) => levelAt(1 + ((place * 7001) % count)));
  const side = new ExactSide(name);
  const set = vi.spyOn(side, 'set');
  side.set(levelAt(7));
  side.setAll(many);
  side.setAll(many);
  expect(side.size).toBe(count);
  expect(side.cutTo(10)).toHaveLength(count - 10);
  side.replace(many);
  expect(side.size).toBe(count);
  expect(set).toHaveBeenCalledTimes(1);
});

it('takes no more levels than any venue has', () => {
  const level = levelAt(1);
  expect(() => new ExactSide('ask').setAll(Array(2 ** 20 + 1).fill(level))).toThrow(
    'no side of a book has this many levels',
  );
});
