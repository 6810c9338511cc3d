import type { OutboxEntry } from '../../domain/ports/outbox.ts';

/** Beyond this many they are read from the store again, a few at a time. */
const MOST_KEPT = 10_000;

/**
 * The outbox in memory: what this process has stored for the ledger and not sent yet. It is known to
 * be everything once a look at the store has found no more than that.
 */
export class UnsentEntries {
  #entries: OutboxEntry[] = [];
  #isComplete = false;
  #losses = 0;
  /** The last one that was taken. */
  #taken = 0n;
  #newest: bigint | null = null;

  /** Whether the store has no others. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** How often something was forgotten: a look at the store that began before may lack it. */
  get losses(): number {
    return this.#losses;
  }

  /** The position of the newest one that was added; null if none was since everything was forgotten. */
  get newest(): bigint | null {
    return this.#newest;
  }

  /**
   * Whether everything is taken that was stored until this was the {@link UnsentEntries.newest}: they are taken in their
   * order.
   */
  isTakenUpTo(newest: bigint | null): boolean {
    if (newest === null) return this.#isComplete;
    const [next] = this.#entries;
    if (this.#isComplete) return next === undefined || next.position > newest;
    return this.#taken >= newest;
  }

  /** Nothing is known any more: what was taken may have to be sent again. */
  forget(): void {
    this.#entries = [];
    this.#isComplete = false;
    this.#losses += 1;
    this.#taken = 0n;
    this.#newest = null;
  }

  /** A turn has stored these, after all before. */
  add(entries: readonly OutboxEntry[]): void {
    this.#entries.push(...entries);
    if (this.#entries.length > MOST_KEPT) this.forget();
    this.#newest = entries.at(-1)?.position ?? this.#newest;
  }

  /** The store had these, the oldest unsent ones. @param isAll whether there were no more then */
  read(entries: readonly OutboxEntry[], isAll: boolean): readonly OutboxEntry[] {
    this.#taken = entries.at(-1)?.position ?? this.#taken;
    // Some were stored before the look, and some after it.
    this.#entries = this.#entries.filter(({ position }) => position > this.#taken);
    this.#isComplete = isAll;
    return entries;
  }

  /** Takes the oldest, at most `limit`. */
  take(limit: number): readonly OutboxEntry[] {
    const entries = this.#entries.splice(0, limit);
    this.#taken = entries.at(-1)?.position ?? this.#taken;
    return entries;
  }
}
