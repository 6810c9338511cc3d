import { FrameLiteral } from './frame-literal.ts';

const QUOTE = 0x22;
const SPREAD = 31;
/** Places for each word, so that few share one. */
const ROOM = 4;

interface Known<Value> {
  readonly literal: FrameLiteral;
  readonly value: Value;
}

/** What known words in quotation marks stand for. They are found by their bytes: no text is made. */
export class FrameWords<Value> {
  readonly #places: readonly (readonly Known<Value>[])[];
  readonly #lastPlace: number;

  /** @param values by their words, which are ASCII */
  constructor(values: ReadonlyMap<string, Value>) {
    const places = 2 ** Math.ceil(Math.log2(ROOM * values.size + 1));
    this.#lastPlace = places - 1;
    const known = [...values].map(([word, value]) => ({
      literal: new FrameLiteral(`${word}"`),
      place: this.#placeOf(new TextEncoder().encode(`${word}"`), 0),
      value,
    }));
    this.#places = Array.from({ length: places }, (_, place) =>
      known.filter((each) => each.place === place),
    );
  }

  /** The word that begins there; undefined if it is another one. */
  find(bytes: Uint8Array, view: DataView, position: number): Known<Value> | undefined {
    const candidates = this.#places[this.#placeOf(bytes, position)] as readonly Known<Value>[];
    for (let index = 0; index < candidates.length; index += 1) {
      const candidate = candidates[index] as Known<Value>;
      if (candidate.literal.isAt(view, position)) return candidate;
    }
    return undefined;
  }

  /** Up to the quotation mark, or what is before it in ASCII, as is the end of a frame. */
  #placeOf(bytes: Uint8Array, begin: number): number {
    let sum = 0;
    let position = begin;
    for (let byte = bytes[begin] as number; byte > QUOTE; byte = bytes[position] as number) {
      sum = (sum * SPREAD + byte) | 0;
      position += 1;
    }
    return sum & this.#lastPlace;
  }
}
