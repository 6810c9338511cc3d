// Against JSON.parse: the same structure, but for numbers, which stay the text that was sent.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonText } from './json-text.ts';
import { MalformedFrameError } from './malformed-frame.ts';

/** What JSON.parse says, its numbers as text. */
function texts(value: unknown): unknown {
  if (typeof value === 'number') return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(texts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, texts(each)]));
}

describe('reading JSON as text', () => {
  it('finds what JSON.parse finds', () => {
    const json = fc.json({ maxDepth: 6 }).filter((text) => !text.includes('__proto__'));
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent);
        expect(parseJsonText(spaced)).toEqual(texts(JSON.parse(spaced)));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps every digit of a number', () => {
    const text = '{"price":1797.30,"qty":0.00000000,"id":17843232920108168701,"list":[-1.50]}';
    expect(parseJsonText(text)).toEqual({
      price: '1797.30',
      qty: '0.00000000',
      id: '17843232920108168701',
      list: ['-1.50'],
    });
  });

  it('refuses a text that is cut off anywhere', () => {
    const text = '{"a":[1.50,"b\\"c",true,null],"d":{}}';
    for (let end = 0; end < text.length; end += 1)
      expect(() => parseJsonText(text.slice(0, end))).toThrow(MalformedFrameError);
  });

  it.each([
    ['two values', '1 2'],
    ['a word', 'nonsense'],
    ['a missing comma', '[1 2]'],
    ['a missing colon', '{"a" 1}'],
    ['a key that is no text', '{1:2}'],
    ['a closing comma', '[1,]'],
    ['an escape that is none', '"\\q"'],
    ['a key that would replace a prototype', '{"__proto__":{"a":1}}'],
    ['a hostile depth', '['.repeat(100_000)],
  ])('refuses %s', (_, text) => expect(() => parseJsonText(text)).toThrow(MalformedFrameError));
});
