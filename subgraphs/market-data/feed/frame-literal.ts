const PIECE_BYTES = 8;
const WORD_BYTES = 4;

/**
 * A fixed piece of a frame layout, compared eight bytes at a time, as floating-point numbers: of ASCII
 * none of those is a zero or not a number, so that they are equal only if all their bits are.
 */
export class FrameLiteral {
  readonly length: number;
  /** The first eight bytes; of a shorter piece the first four, or all of it. */
  readonly #first: number;
  /** As many bytes as the first, up to the end. */
  readonly #last: number;
  /** What is between them, eight by eight; it overlaps the last. */
  readonly #middle: Float64Array;
  /** Masks the bytes of a word that belong to the piece. */
  readonly #mask: number;

  /** @param text ASCII, not empty */
  constructor(text: string) {
    const { length } = text;
    const bytes = new Uint8Array(length + WORD_BYTES);
    new TextEncoder().encodeInto(text, bytes);
    const view = new DataView(bytes.buffer);
    const isLong = length >= PIECE_BYTES;
    this.length = length;
    this.#first = isLong ? view.getFloat64(0, true) : view.getInt32(0, true);
    this.#last = isLong
      ? view.getFloat64(length - PIECE_BYTES, true)
      : view.getInt32(Math.max(0, length - WORD_BYTES), true);
    this.#middle = Float64Array.from(
      { length: Math.max(0, Math.ceil(length / PIECE_BYTES) - 2) },
      (_, index) => view.getFloat64((index + 1) * PIECE_BYTES, true),
    );
    this.#mask = length < WORD_BYTES ? -1 >>> (8 * (WORD_BYTES - length)) : -1;
  }

  /** Whether the piece is at this position; reads up to three bytes past it. */
  isAt(view: DataView, position: number): boolean {
    const { length } = this;
    if (length < PIECE_BYTES) return this.#isShortAt(view, position);
    if (view.getFloat64(position, true) !== this.#first) return false;
    const middle = this.#middle;
    for (let index = 0, at = position + PIECE_BYTES; index < middle.length; index += 1) {
      if (view.getFloat64(at, true) !== middle[index]) return false;
      at += PIECE_BYTES;
    }
    return view.getFloat64(position + length - PIECE_BYTES, true) === this.#last;
  }

  #isShortAt(view: DataView, position: number): boolean {
    const { length } = this;
    if (((view.getInt32(position, true) ^ this.#first) & this.#mask) !== 0) return false;
    return (
      length <= WORD_BYTES || view.getInt32(position + length - WORD_BYTES, true) === this.#last
    );
  }
}
