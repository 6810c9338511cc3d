// Messages that are far larger than any of a venue: they cost a walk over the side, and not one for each level.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LevelRows } from './level-rows.ts';
import { RowSide } from './row-side.ts';
import { SortedCells } from './sorted-cells.ts';

const COUNT = 20_011;

/** Rows at these prices, each with the price as its quantity. */
function rowsAt(prices: readonly number[]): LevelRows {
  const rows = new LevelRows();
  for (const price of prices) rows.add(price, price, 0);
  return rows;
}

const ORDERS: Readonly<Record<string, (place: number) => number>> = {
  rising: (place) => 1 + place,
  falling: (place) => COUNT - place,
  random: (place) => 1 + ((place * 7001) % COUNT),
};

afterEach(() => void vi.restoreAllMocks());

describe.each(['bid', 'ask'] as const)('a %s side in rows', (name) => {
  it.each(Object.keys(ORDERS))(
    'takes huge changes in %s order, and is cut, in few walks',
    (order) => {
      const inserted = vi.spyOn(SortedCells.prototype, 'insert');
      const looked = vi.spyOn(SortedCells.prototype, 'quantityAt');
      const sent = rowsAt(Array.from({ length: COUNT }, (_, place) => ORDERS[order]?.(place) ?? 0));
      const side = new RowSide(name);
      side.apply(rowsAt([7]));
      side.apply(sent);
      side.apply(sent);
      expect(side.size).toBe(COUNT);
      expect(side.cutTo(10)).toHaveLength(COUNT - 10);
      expect(side.size).toBe(10);
      expect(inserted.mock.calls.length).toBeLessThan(10);
      expect(looked.mock.calls.length).toBeLessThan(20 * COUNT);
    },
  );
});

it('a side in rows takes no more levels than any venue has', () => {
  const rows = new LevelRows();
  for (let price = 1; price <= 2 ** 20 + 1; price += 1) rows.add(price, 1, 0);
  const tooMany = 'no side of a book has this many levels';
  expect(() => new RowSide('ask').apply(rows)).toThrow(tooMany);
  expect(() => new RowSide('ask').replace(rows)).toThrow(tooMany);
});
