import { describe, expect, it } from 'vitest';
import { LevelRows } from '../../domain/book/level-rows.ts';
import { levels } from '../../test-market.ts';
import { MalformedFrameError } from './malformed-frame.ts';
import { publishedSide } from './published-levels.ts';
import { sentLevels } from './sent-levels.ts';

const LARGE = '99999999999999999999';

describe.each([
  ['levels', sentLevels],
  ['published levels', publishedSide],
])('%s of a frame', (_, read) => {
  it('are rows if all of them fit, and exact amounts otherwise', () => {
    expect(read([['7.50', '0']])).toBeInstanceOf(LevelRows);
    expect([...read([['7.50', '2']])]).toEqual(levels('2 @ 7.50'));
    expect(read([['7.50', LARGE]])).toMatchObject(levels(`${LARGE} @ 7.50`));
  });

  it.each([
    [7, '1'],
    ['7', 1],
    [['7'], '1'],
    ['0', '1'],
    ['0.00', '1'],
    ['7x', '1'],
    ['7', '1 '],
    ['7e2', '1'],
    ['-7', '1'],
    ['7', '-1'],
    ['7.', '1'],
    [undefined, '1'],
  ])('are refused with %j × %j', (price, quantity) => {
    expect(() => read([[price, quantity]])).toThrow(MalformedFrameError);
  });

  it('are refused if there are very many, and one does not fit', () => {
    const many = Array.from({ length: 100_001 }, (__, n) => [`${n + 1}`, '1'] as const);
    expect(read(many)).toHaveLength(100_001);
    expect(() => read([...many.slice(1), ['1', LARGE]])).toThrow('do not fit in rows');
  });
});
