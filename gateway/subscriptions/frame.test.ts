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
});
