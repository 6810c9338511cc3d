/** Those who want to hear of one kind of change, told in the order in which they came. */
export class Listeners<Change> {
  readonly #listeners = new Set<(change: Change) => void>();

  /** @returns how to stop listening; calling it twice is harmless */
  add(listener: (change: Change) => void): () => void {
    const own = (change: Change) => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Tells everybody at once. A listener must not throw. */
  tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** How many listen. */
  get size(): number {
    return this.#listeners.size;
  }
}
