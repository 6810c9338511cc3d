const WORD_BYTES = 4;

/** A fixed piece of a frame layout, compared four bytes at a time. */
export class FrameLiteral {
  readonly length: number;
  readonly #words: Int32Array;
  /** Masks the bytes of the last word that belong to the piece. */
  readonly #lastMask: number;

  /** @param text ASCII, not empty */
  constructor(text: string) {
    const bytes = new Uint8Array(Math.ceil(text.length / WORD_BYTES) * WORD_BYTES);
    new TextEncoder().encodeInto(text, bytes);
    const view = new DataView(bytes.buffer);
    this.length = text.length;
    this.#words = Int32Array.from({ length: bytes.length / WORD_BYTES }, (_, index) =>
      view.getInt32(index * WORD_BYTES, true),
    );
    this.#lastMask = -1 >>> (8 * (bytes.length - text.length));
  }

  /** Whether the piece is at this position; reads up to three bytes past it. */
  isAt(view: DataView, position: number): boolean {
    const words = this.#words;
    const last = words.length - 1;
    for (let index = 0; index < last; index += 1)
      if (view.getInt32(position + index * WORD_BYTES, true) !== words[index]) return false;
    return (
      ((view.getInt32(position + last * WORD_BYTES, true) ^ (words[last] as number)) &
        this.#lastMask) ===
      0
    );
  }
}
