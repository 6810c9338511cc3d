const SEQUENCE = /^[1-9]\d{0,18}$/;
/** The highest that a store can hold: a signed integer of 64 bits. */
export const HIGHEST_SEQUENCE = 2n ** 63n - 1n;

/** A position in a numbered list, from 1 on; null for text that no store could hold. */
export function parseSequence(text: string): bigint | null {
  if (!SEQUENCE.test(text)) return null;
  const sequence = BigInt(text);
  return sequence > HIGHEST_SEQUENCE ? null : sequence;
}
