/** Listeners to one kind of change, called in the order in which they were added. */
export class Listeners<Change> {
  readonly #listeners = new Set<(change: Change) => void>();

  /** @returns a function that stops listening; calling it twice is harmless */
  add(listener: (change: Change) => void): () => void {
    const own = (change: Change) => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Calls all listeners at once. A listener must not throw. */
  tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** How many listen. */
  get size(): number {
    return this.#listeners.size;
  }
}
