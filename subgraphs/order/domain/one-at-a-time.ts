/** Runs work of one key one after the other, and of different keys at once. */
export class OneAtATime {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Waits for earlier work of this key, however that ends. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key);
    const mine = before === undefined ? work() : before.then(work, work);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
