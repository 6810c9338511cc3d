/** Values made once and kept while they are used: the least recently used one goes first. */
export class RecentValues<Value> {
  readonly #values = new Map<string, Value>();
  readonly #limit: number;

  /** @param limit how many are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value of a key, made now if there is none. What `make` throws is not kept. */
  get(key: string, make: () => Value): Value {
    const value = this.#values.get(key) ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#limit && oldest !== undefined) this.#values.delete(oldest);
    return value;
  }
}
