/** How much can be kept: at most this many values, with at most this weight in all. */
export interface Room {
  readonly values: number;
  readonly weight: number;
}

/** A single value can take this part of the room, so that a few cannot push out all others. */
const LARGEST_PART = 1 / 8;

interface Kept<Value> {
  readonly value: Value;
  readonly weight: number;
}

/** Values that are kept while they are used: the least recently used is dropped first. */
export class RecentValues<Value> {
  readonly #room: Room;
  readonly #kept = new Map<string, Kept<Value>>();
  #weight = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  /** The weight of all kept values. */
  get weight(): number {
    return this.#weight;
  }

  /** The value of a key, if it is kept. */
  get(key: string): Value | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.value;
  }

  /** Keeps a value, unless it is too heavy. */
  set(key: string, value: Value, weight: number): void {
    this.delete(key);
    if (weight > this.#room.weight * LARGEST_PART) return;
    this.#kept.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#kept.keys()) {
      if (this.#weight <= this.#room.weight && this.#kept.size <= this.#room.values) return;
      this.delete(oldest);
    }
  }

  /** Drops a value. @returns whether it was kept */
  delete(key: string): boolean {
    this.#weight -= this.#kept.get(key)?.weight ?? 0;
    return this.#kept.delete(key);
  }
}
