/** Those who wait for something to be decided, by its id. */
export class Waiters<Id, Decision> {
  readonly #waiting = new Map<Id, ((decision: Decision | null) => void)[]>();

  /** Resolves with the next {@link Waiters.wake} of this id. */
  next(id: Id): Promise<Decision | null> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) this.#waiting.set(id, [resolve]);
      else waiting.push(resolve);
    });
  }

  /** Whether anybody waits for this one. */
  has(id: Id): boolean {
    return this.#waiting.has(id);
  }

  /** What is waited for. */
  ids(): IterableIterator<Id> {
    return this.#waiting.keys();
  }

  /** Answers all who wait; null sends them to look for themselves. */
  wake(id: Id, decision: Decision | null): void {
    const waiting = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    for (const resolve of waiting) resolve(decision);
  }

  /** Sends all away, to look for themselves. */
  wakeAll(): void {
    for (const id of this.#waiting.keys()) this.wake(id, null);
  }
}
