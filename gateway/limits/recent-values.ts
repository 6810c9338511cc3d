/** How much may be kept: this many values, which together weigh this much. */
export interface Room {
  readonly values: number;
  readonly weight: number;
}

/** One value alone may take this part of the room, so that few cannot push all others out. */
const LARGEST_PART = 1 / 8;

interface Kept<Value> {
  readonly value: Value;
  readonly weight: number;
}

/** Values that are kept while they are used: the least recently used go first. */
export class RecentValues<Value> {
  readonly #room: Room;
  readonly #kept = new Map<string, Kept<Value>>();
  #weight = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  /** What all that is kept weighs together. */
  get weight(): number {
    return this.#weight;
  }

  /** The value of a key, where it is kept. */
  get(key: string): Value | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.value;
  }

  /** Keeps a value; one that is too heavy is not kept. */
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

  /** Keeps it no more. @returns whether it was kept */
  delete(key: string): boolean {
    this.#weight -= this.#kept.get(key)?.weight ?? 0;
    return this.#kept.delete(key);
  }
}
