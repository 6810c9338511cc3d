const PIECE_BYTES = 8;
const WORD_BYTES = 4;

/**
 * A fixed piece of a frame layout, compared eight bytes at a time, as floating-point numbers: of ASCII
 * none of those is a zero or not a number, so that they are equal only if all their bits are.
 */
export class FrameLiteral {
  readonly length: number;
  /** All bytes eight by eight, and then the last eight; none where there are fewer. */
  readonly #pieces: Float64Array;
  /** Of a piece of fewer than eight bytes all of them, four by four. */
  readonly #words: Int32Array;
  /** Masks the bytes of the last word that belong to the piece. */
  readonly #lastMask: number;

  /** @param text ASCII, not empty */
  constructor(text: string) {
    const { length } = text;
    const bytes = new Uint8Array(length + PIECE_BYTES);
    new TextEncoder().encodeInto(text, bytes);
    const view = new DataView(bytes.buffer);
    const isShort = length < PIECE_BYTES;
    this.length = length;
    this.#pieces = Float64Array.from(
      { length: isShort ? 0 : Math.ceil(length / PIECE_BYTES) },
      (_, index) => view.getFloat64(Math.min(index * PIECE_BYTES, length - PIECE_BYTES), true),
    );
    const words = isShort ? Math.ceil(length / WORD_BYTES) : 0;
    this.#words = Int32Array.from({ length: words }, (_, index) =>
      view.getInt32(index * WORD_BYTES, true),
    );
    this.#lastMask = -1 >>> (8 * (words * WORD_BYTES - length));
  }

  /** Whether the piece is at this position; reads up to three bytes past it. */
  isAt(view: DataView, position: number): boolean {
    const pieces = this.#pieces;
    const last = pieces.length - 1;
    if (last < 0) return this.#isShortAt(view, position);
    for (let index = 0; index < last; index += 1)
      if (view.getFloat64(position + index * PIECE_BYTES, true) !== pieces[index]) return false;
    return view.getFloat64(position + this.length - PIECE_BYTES, true) === pieces[last];
  }

  #isShortAt(view: DataView, position: number): boolean {
    const words = this.#words;
    const last = words.length - 1;
    for (let index = 0; index < last; index += 1)
      if (view.getInt32(position + index * WORD_BYTES, true) !== words[index]) return false;
    const word = view.getInt32(position + last * WORD_BYTES, true);
    return ((word ^ (words[last] as number)) & this.#lastMask) === 0;
  }
}
