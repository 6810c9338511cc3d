import { describe, expect, it } from 'vitest';
import { RecentValues } from './recent-values.ts';

const kept = (values: RecentValues<string>, keys: string) =>
  [...keys].filter((key) => values.get(key) !== undefined).join('');

describe('recent values', () => {
  it('are kept while they are used, as many as there is room for', () => {
    const values = new RecentValues<string>({ values: 3, weight: 1000 });
    for (const key of 'abc') values.set(key, key, 1);
    expect(values.get('a')).toBe('a');
    values.set('d', 'd', 1);
    expect(kept(values, 'abcd')).toBe('acd');
  });

  it('weigh together what there is room for, whatever is set, replaced and taken away', () => {
    const values = new RecentValues<string>({ values: 100, weight: 80 });
    for (const key of 'abcdefghi') values.set(key, key, 10);
    expect(kept(values, 'abcdefghi')).toBe('bcdefghi');
    expect(values.weight).toBe(80);
    values.set('b', 'B', 5);
    expect([values.get('b'), values.weight]).toEqual(['B', 75]);
    expect([values.delete('b'), values.delete('b'), values.weight]).toEqual([true, false, 70]);
  });

  it('are not kept where one alone would push many others out, nor what it replaced', () => {
    const values = new RecentValues<string>({ values: 100, weight: 80 });
    values.set('a', 'small', 10);
    values.set('a', 'large', 11);
    expect([values.get('a'), values.weight]).toEqual([undefined, 0]);
  });
});
