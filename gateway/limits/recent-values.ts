/** How much can be kept: at most this many values, with at most this weight in all. */
export interface Room {
  readonly values: number;
  readonly weight: number;
}

/** A single value can take this part of the room, so that a few cannot push out all others. */
const LARGEST_PART = 1 / 8;

/** What was not used for so long makes room for anything, whoever keeps it. */
const STALE_MS = 600_000;

interface Kept<Value> {
  readonly value: Value;
  /** What it takes of the room; at least as much as each of the most values that it has room for. */
  readonly weight: number;
  readonly owner: string;
  usedAtMs: number;
}

/** What one owner keeps. */
interface Share {
  weight: number;
  /** In the order of use. */
  readonly keys: Set<string>;
}

/**
 * Values that are kept while they are used. If there is no more room, what nobody has used for ten
 * minutes goes first; then whoever takes most of it loses what was used least recently: nobody
 * pushes out those of others who keep less. Without the first, what many have asked for once would
 * stay, and push out what all use because it counts to the one who asked for it first.
 */
export class RecentValues<Value> {
  readonly #room: Room;
  /** In the order of use. */
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
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    kept.usedAtMs = performance.now();
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
    this.#kept.set(key, { value, weight, owner: options.owner, usedAtMs: performance.now() });
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
    for (const [key, { usedAtMs }] of this.#kept) {
      if (performance.now() - usedAtMs > STALE_MS) return void this.delete(key);
      break;
    }
    const [first, ...others] = this.#shares.values();
    const most = others.reduce((a, b) => (b.weight > (a?.weight ?? 0) ? b : a), first);
    for (const oldest of most?.keys ?? []) return void this.delete(oldest);
  }
}
