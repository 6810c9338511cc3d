import { expect, it } from 'vitest';
import { keepNewest } from './keep-newest.ts';

it('keeps as many as there is room for, and those that were kept again last', () => {
  const values = new Map<string, number>();
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    keepNewest(values, [key, value], 2);
  expect([...values]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
});
