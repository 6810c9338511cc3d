import { FrameLiteral } from './frame-literal.ts';

const WORD_BYTES = 4;
/** Spreads the first bytes over all bits. */
const SPREAD = 0x9e3779b1;
/** Slots per word, so that few words share one. */
const ROOM = 4;

interface Known<Value> {
  readonly literal: FrameLiteral;
  readonly value: Value;
  /** Another word that has the same place. */
  readonly next: Known<Value> | undefined;
}

/** The values of known quoted words. Words are found by their bytes, without making strings. */
export class FrameWords<Value> {
  readonly #places: (Known<Value> | undefined)[];
  /** How many bits of a sum are too many for a place. */
  readonly #shift: number;
  /** Where the second four bytes are that a place depends on: no word ends before them. */
  readonly #second: number;
  readonly #mask: number;

  /** @param values by their words, which must be ASCII */
  constructor(values: ReadonlyMap<string, Value>) {
    const bits = Math.max(1, Math.ceil(Math.log2(ROOM * values.size)));
    const shortest = Math.min(...[...values.keys()].map((word) => word.length + 1), Infinity);
    this.#shift = 32 - bits;
    this.#second = Math.max(0, Math.min(shortest, 2 * WORD_BYTES) - WORD_BYTES);
    this.#mask = shortest < WORD_BYTES ? -1 >>> (8 * (WORD_BYTES - shortest)) : -1;
    this.#places = Array.from({ length: 2 ** bits }, () => undefined);
    for (const [word, value] of values) {
      const place = this.#placeOf(viewOf(`${word}"`), 0);
      this.#places[place] = {
        literal: new FrameLiteral(`${word}"`),
        value,
        next: this.#places[place],
      };
    }
  }

  /** The known word that starts there; undefined if there is none. Reads up to eight bytes past it. */
  find(view: DataView, position: number): Known<Value> | undefined {
    let known = this.#places[this.#placeOf(view, position)];
    while (known !== undefined && !known.literal.isAt(view, position)) known = known.next;
    return known;
  }

  #placeOf(view: DataView, begin: number): number {
    const first = view.getInt32(begin, true) & this.#mask;
    const second = view.getInt32(begin + this.#second, true) & this.#mask;
    return Math.imul(first ^ Math.imul(second, SPREAD), SPREAD) >>> this.#shift;
  }
}

function viewOf(word: string): DataView {
  const bytes = new Uint8Array(word.length + WORD_BYTES);
  new TextEncoder().encodeInto(word, bytes);
  return new DataView(bytes.buffer);
}
