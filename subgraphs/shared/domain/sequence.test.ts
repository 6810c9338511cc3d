import { describe, expect, it } from 'vitest';
import { parseSequence } from './sequence.ts';

describe('a sequence', () => {
  it.each([
    ['1', 1n],
    ['9223372036854775807', 9223372036854775807n],
    ['9223372036854775808', null],
    ['9999999999999999999', null],
    ['0', null],
    ['01', null],
    ['-1', null],
    ['1.0', null],
    ['', null],
  ])('of %s', (text, sequence) => {
    expect(parseSequence(text)).toBe(sequence);
  });
});
