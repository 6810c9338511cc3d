/** How much can be kept: at most this many values, with at most this weight in all. */
export interface Room {
  readonly values: number;
  readonly weight: number;
}

/** A single value can take this part of the room, so that a few cannot push out all others. */
const LARGEST_PART = 1 / 8;

interface Kept<Value> {
  readonly value: Value;
  /** What it takes of the room; at least as much as each of the most values that it has room for. */
  readonly weight: number;
  readonly owner: string;
}

/** What one owner keeps. */
interface Share {
  weight: number;
  /** In the order of use. */
  readonly keys: Set<string>;
}

/**
 * Values that are kept while they are used. If there is no more room, whoever takes most of it loses
 * what was used least recently: nobody pushes out those of others who keep less.
 */
export class RecentValues<Value> {
  readonly #room: Room;
  readonly #kept = new Map<string, Kept<Value>>();
  readonly #shares = new Map<string, Share>();
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
    const { keys } = this.#shareOf(kept.owner);
    keys.delete(key);
    keys.add(key);
    return kept.value;
  }

  /** Keeps a value, unless it is too heavy. @param options.owner for whom it was made */
  set(key: string, value: Value, options: { readonly weight: number; readonly owner: string }) {
    this.delete(key);
    if (options.weight > this.#room.weight * LARGEST_PART) return;
    const weight = Math.max(options.weight, Math.floor(this.#room.weight / this.#room.values));
    const share = this.#shareOf(options.owner);
    share.weight += weight;
    share.keys.add(key);
    this.#kept.set(key, { value, weight, owner: options.owner });
    this.#weight += weight;
    while (this.#weight > this.#room.weight) this.#dropOne();
  }

  /** Drops a value. @returns whether it was kept */
  delete(key: string): boolean {
    const kept = this.#kept.get(key);
    if (kept === undefined) return false;
    const share = this.#shareOf(kept.owner);
    share.weight -= kept.weight;
    share.keys.delete(key);
    if (share.keys.size === 0) this.#shares.delete(kept.owner);
    this.#weight -= kept.weight;
    return this.#kept.delete(key);
  }

  #shareOf(owner: string): Share {
    const share = this.#shares.get(owner) ?? { weight: 0, keys: new Set() };
    this.#shares.set(owner, share);
    return share;
  }

  #dropOne(): void {
    const [first, ...others] = this.#shares.values();
    const most = others.reduce((a, b) => (b.weight > (a?.weight ?? 0) ? b : a), first);
    for (const oldest of most?.keys ?? []) return void this.delete(oldest);
  }
}
