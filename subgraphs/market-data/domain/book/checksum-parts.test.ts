// Parts against the checksum of the whole text, digit by digit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookChecksum, EMPTY_REMAINDER, finishedChecksum } from './checksum.ts';
import { continueWithPart, writePart } from './checksum-parts.ts';
import { LARGEST_PRICE, LARGEST_QUANTITY } from './level-rows.ts';
import { levelForm, sentForm } from './sent-form.ts';

const zeros = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 18 }));
const digits = (largest: number) =>
  fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: largest }));
const level = fc.record({
  price: digits(LARGEST_PRICE),
  priceZeros: zeros,
  quantity: digits(LARGEST_QUANTITY),
  quantityZeros: zeros,
});

describe('a checksum of parts', () => {
  it('equals that of the text', () => {
    fc.assert(
      fc.property(fc.array(level, { maxLength: 10 }), (levels) => {
        let remainder = EMPTY_REMAINDER;
        const together = { part: 0, length: 0 };
        for (const { price, priceZeros, quantity, quantityZeros } of levels) {
          const form = levelForm(sentForm(0, priceZeros), sentForm(0, quantityZeros));
          const part = new Int32Array(2);
          writePart(part, 0, price, quantity, form);
          expect(part[1]).toBe(`${price}${quantity}`.length + priceZeros + quantityZeros);
          remainder = continueWithPart(remainder, part[0] ?? 0, part[1] ?? 0);
          together.part = continueWithPart(together.part, part[0] ?? 0, part[1] ?? 0);
          together.length += part[1] ?? 0;
        }
        const texts = levels.map(({ price, priceZeros, quantity, quantityZeros }) => ({
          price: `${price}${'0'.repeat(priceZeros)}`,
          quantity: `${quantity}${'0'.repeat(quantityZeros)}`,
        }));
        expect(String(finishedChecksum(remainder))).toBe(bookChecksum([], texts));
        const atOnce = continueWithPart(EMPTY_REMAINDER, together.part, together.length);
        expect(finishedChecksum(atOnce)).toBe(finishedChecksum(remainder));
      }),
      { numRuns: 500 },
    );
  });
});
