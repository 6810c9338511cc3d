import { FrameLiteral } from './frame-literal.ts';

const QUOTE = 0x22;
const SPREAD = 31;
/** Slots per word, so that few words share one. */
const ROOM = 4;

interface Known<Value> {
  readonly literal: FrameLiteral;
  readonly value: Value;
}

/** The values of known quoted words. Words are found by their bytes, without making strings. */
export class FrameWords<Value> {
  readonly #places: readonly (readonly Known<Value>[])[];
  readonly #lastPlace: number;

  /** @param values by their words, which must be ASCII */
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

  /** The known word that starts there; undefined if there is none. */
  find(bytes: Uint8Array, view: DataView, position: number): Known<Value> | undefined {
    const candidates = this.#places[this.#placeOf(bytes, position)] as readonly Known<Value>[];
    for (let index = 0; index < candidates.length; index += 1) {
      const candidate = candidates[index] as Known<Value>;
      if (candidate.literal.isAt(view, position)) return candidate;
    }
    return undefined;
  }

  /** Hashes up to the quotation mark or any character below it in ASCII, which includes the end of a frame. */
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
