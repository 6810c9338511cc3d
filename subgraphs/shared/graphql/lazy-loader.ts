import DataLoader from 'dataloader';

/**
 * A DataLoader that is made with its first key. A request's context has all loaders, and most requests
 * need one or none of them.
 */
export class LazyLoader<Key, Value, CacheKey = Key> {
  readonly #readAll: DataLoader.BatchLoadFn<Key, Value>;
  readonly #options: DataLoader.Options<Key, Value, CacheKey> | undefined;
  #loader: DataLoader<Key, Value, CacheKey> | null = null;

  /** @param readAll answers in the order of its keys */
  constructor(
    readAll: DataLoader.BatchLoadFn<Key, Value>,
    options?: DataLoader.Options<Key, Value, CacheKey>,
  ) {
    this.#readAll = readAll;
    this.#options = options;
  }

  /** Reads it together with all others that are asked for in this round of resolvers. */
  load(key: Key): Promise<Value> {
    return this.#made().load(key);
  }

  /** Remembers what is known already, so that it is not read. */
  prime(key: Key, value: Value): void {
    this.#made().prime(key, value);
  }

  /** Forgets what was read, so that it is read again. */
  clearAll(): void {
    this.#loader?.clearAll();
  }

  #made(): DataLoader<Key, Value, CacheKey> {
    return (this.#loader ??= new DataLoader(this.#readAll, this.#options));
  }
}
