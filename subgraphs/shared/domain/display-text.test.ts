import { describe, expect, it } from 'vitest';
import { parseDisplayText } from './display-text.ts';

describe('a text that is shown', () => {
  it.each([
    ...['Ann', '李小龙', 'نازنین', 'O’Neil & Söhne', '#1', '😀', '👩‍👩‍👧'],
    ...['😀'.repeat(64), 'x'.repeat(64), 'desk\u200edesk'],
  ])('can be %j', (text) => {
    expect(parseDisplayText(` ${text}\n`, 64)).toBe(text);
  });

  it.each([
    ...['', ' \t', '\u200b', '\u200d\ufe0f', '\u3164', '\u2800', '\u0301'],
    ...[
      'a\u0007',
      'a\ud800',
      'a\nb',
      'a\u2028b',
      'a\u202eb',
      'a\u2067b',
      'x'.repeat(65),
      '😀'.repeat(65),
    ],
  ])('cannot be %j', (text) => {
    expect(parseDisplayText(text, 64)).toBeNull();
  });
});
