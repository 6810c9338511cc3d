import { describe, expect, it, vi } from 'vitest';
import { RecentValues } from './recent-values.ts';

const kept = (values: RecentValues<string>, keys: string) =>
  [...keys].filter((key) => values.get(key) !== undefined).join('');

describe('recent values', () => {
  it('are kept while they are used, as many as there is room for', () => {
    const values = new RecentValues<string>({ values: 3, weight: 1000 });
    for (const key of 'abc') values.set(key, key, { weight: 1, owner: 'anna' });
    expect(values.get('a')).toBe('a');
    values.set('d', 'd', { weight: 1, owner: 'anna' });
    expect(kept(values, 'abcd')).toBe('acd');
  });

  it('weigh together what there is room for, whatever is set, replaced and taken away', () => {
    const values = new RecentValues<string>({ values: 100, weight: 80 });
    for (const key of 'abcdefghi') values.set(key, key, { weight: 10, owner: 'anna' });
    expect(kept(values, 'abcdefghi')).toBe('bcdefghi');
    expect(values.weight).toBe(80);
    values.set('b', 'B', { weight: 5, owner: 'anna' });
    expect([values.get('b'), values.weight]).toEqual(['B', 75]);
    expect([values.delete('b'), values.delete('b'), values.weight]).toEqual([true, false, 70]);
  });

  it('are not kept where one alone would push many others out, nor what it replaced', () => {
    const values = new RecentValues<string>({ values: 100, weight: 80 });
    values.set('a', 'small', { weight: 10, owner: 'anna' });
    values.set('a', 'large', { weight: 11, owner: 'anna' });
    expect([values.get('a'), values.weight]).toEqual([undefined, 0]);
  });

  it('of who takes most of the room make room, those used least recently first', () => {
    const values = new RecentValues<string>({ values: 8, weight: 80 });
    const set = (key: string, owner: string, weight = 10) =>
      values.set(key, key, { weight, owner });
    for (const key of 'ab') set(key, 'anna');
    for (const key of 'cdefghijklm') set(key, 'eve');
    expect(kept(values, 'abcdefghijklm')).toBe('abhijklm');
    expect(values.get('h')).toBe('h');
    set('n', 'bert', 1); // as heavy as each of eight
    expect(kept(values, 'abhijklmn')).toBe('abhjklmn');
    expect(values.weight).toBe(80);
  });

  it('that nobody has used for ten minutes make room first, however little of it their owners take', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    const values = new RecentValues<string>({ values: 8, weight: 80 });
    const set = (key: string, owner: string) => values.set(key, key, { weight: 10, owner });
    for (const key of 'abcdefg') set(key, `${key}, who came once`);
    set('h', 'anna');
    now.mockReturnValue(600_001);
    expect(values.get('b')).toBe('b');
    for (const key of 'ij') set(key, 'anna');
    expect(kept(values, 'abcdefghij')).toBe('bdefghij');
    set('k', 'bert');
    expect(kept(values, 'bdefghijk')).toBe('bdefgijk');
    now.mockRestore();
  });
});
