import { expect, it } from 'vitest';
import { levels } from '../test-market.ts';
import { plainSide } from './book-side.ts';
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
