const PIECE_BYTES = 8;
const WORD_BYTES = 4;

/**
 * A fixed piece of a frame layout, compared eight bytes at a time, as floating-point numbers: of ASCII
 * none of those is a zero or not a number, so that they are equal only if all their bits are.
 */
export class FrameLiteral {
  readonly length: number;
  /** All whole eights of bytes. */
  readonly #eights: Float64Array;
  /** The rest, in two words: their bytes and, as a mask, which of them belong to the piece. */
  readonly #low: number;
  readonly #lowMask: number;
  readonly #high: number;
  readonly #highMask: number;

  /** @param text ASCII, not empty */
  constructor(text: string) {
    const { length } = text;
    const bytes = new Uint8Array(length + PIECE_BYTES);
    new TextEncoder().encodeInto(text, bytes);
    const view = new DataView(bytes.buffer);
    const rest = length % PIECE_BYTES;
    const begin = length - rest;
    this.length = length;
    this.#eights = Float64Array.from({ length: begin / PIECE_BYTES }, (_, index) =>
      view.getFloat64(index * PIECE_BYTES, true),
    );
    this.#low = view.getInt32(begin, true);
    this.#lowMask = maskOf(rest);
    this.#high = view.getInt32(begin + WORD_BYTES, true);
    this.#highMask = maskOf(rest - WORD_BYTES);
  }

  /** Whether the piece is at this position; reads up to eight bytes past it, and stops where it differs. */
  isAt(view: DataView, position: number): boolean {
    const eights = this.#eights;
    let at = position;
    for (let index = 0; index < eights.length; index += 1, at += PIECE_BYTES)
      if (view.getFloat64(at, true) !== eights[index]) return false;
    const low = (view.getInt32(at, true) ^ this.#low) & this.#lowMask;
    const high = (view.getInt32(at + WORD_BYTES, true) ^ this.#high) & this.#highMask;
    return (low | high) === 0;
  }
}

/** Masks the first bytes of a word, at most all four of them. */
function maskOf(bytes: number): number {
  if (bytes <= 0) return 0;
  return bytes < WORD_BYTES ? -1 >>> (8 * (WORD_BYTES - bytes)) : -1;
}
