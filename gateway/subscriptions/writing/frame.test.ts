import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownText, sharedText } from './frame.ts';

describe('a frame', () => {
  it('is ASCII and the same message, whatever id the client chose and whatever the data hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (id, value) => {
        const data = JSON.parse(JSON.stringify({ value })) as Record<string, unknown>;
        const text = ownText(id) + sharedText({ data });
        expect(text).toMatch(/^[ -~]*$/);
        expect(JSON.parse(text)).toEqual({ id, type: 'next', payload: { data } });
      }),
    );
  });

  it('takes one byte for a character in memory, whatever its parts were cut from', () => {
    const name = '\u20acaFieldsName'.slice(1);
    const text = sharedText({ data: { [name]: 'a value'.repeat(50) } });
    // By V8's format the third byte is the kind of string: `"` with one byte for a character.
    expect(serialize(text).toString('latin1', 2, 3)).toBe('"');
  });
});
