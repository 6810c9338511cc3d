/** An entry with its key. */
interface Keyed<Key, Value> {
  readonly key: Key;
  readonly value: Value;
}

/**
 * A heap whose entries can be replaced and removed by their keys: the first one is always at hand,
 * and a change costs the logarithm of their number.
 */
export class KeyedHeap<Key, Value> {
  readonly #isBefore: (left: Value, right: Value) => boolean;
  readonly #entries: Keyed<Key, Value>[] = [];
  readonly #places = new Map<Key, number>();

  /** @param isBefore whether a value comes before another one; never true for equal ones */
  constructor(isBefore: (left: Value, right: Value) => boolean) {
    this.#isBefore = isBefore;
  }

  /** How many entries there are. */
  get size(): number {
    return this.#entries.length;
  }

  /** The first value; undefined if there is none. */
  get first(): Value | undefined {
    return this.#entries[0]?.value;
  }

  /** The key of {@link KeyedHeap.first}. */
  get firstKey(): Key | undefined {
    return this.#entries[0]?.key;
  }

  /** Puts an entry in, or another value in its place. */
  set(key: Key, value: Value): void {
    const place = this.#places.get(key) ?? this.#entries.length;
    this.#settle(place, { key, value });
  }

  /** Takes an entry out. @returns whether it was in */
  delete(key: Key): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    const last = this.#entries.pop();
    this.#places.delete(key);
    if (last !== undefined && last.key !== key) this.#settle(place, last);
    return true;
  }

  /** Puts an entry where it belongs, by a hole that moves up or down from a place. */
  #settle(from: number, entry: Keyed<Key, Value>): void {
    const place = this.#down(this.#up(from, entry), entry);
    this.#put(place, entry);
  }

  #up(from: number, { value }: Keyed<Key, Value>): number {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#entries[above];
      if (parent === undefined || !this.#isBefore(value, parent.value)) break;
      this.#put(place, parent);
      place = above;
    }
    return place;
  }

  #down(from: number, { value }: Keyed<Key, Value>): number {
    let place = from;
    for (;;) {
      const below = this.#firstBelow(place);
      const child = this.#entries[below];
      if (child === undefined || !this.#isBefore(child.value, value)) return place;
      this.#put(place, child);
      place = below;
    }
  }

  #firstBelow(place: number): number {
    const [left, right] = [2 * place + 1, 2 * place + 2];
    const [one, other] = [this.#entries[left], this.#entries[right]];
    return one !== undefined && other !== undefined && this.#isBefore(other.value, one.value)
      ? right
      : left;
  }

  #put(place: number, entry: Keyed<Key, Value>): void {
    this.#entries[place] = entry;
    this.#places.set(entry.key, place);
  }
}
