const SEQUENCE = /^[1-9]\d{0,18}$/;
/** The highest that a store has a place for: a signed integer of 64 bits. */
const HIGHEST = 2n ** 63n - 1n;

/** A place in a numbered list, from 1 on, or null: what no store can have is none. */
export function parseSequence(text: string): bigint | null {
  if (!SEQUENCE.test(text)) return null;
  const sequence = BigInt(text);
  return sequence > HIGHEST ? null : sequence;
}
