/**
 * Reads an iterator with a time limit and loses nothing: what arrives after the limit goes to the
 * next read. One reader, one read at a time. (A bare `Promise.race` would leave one reaction on the
 * same pending promise for every limit passed.)
 */
export class PatientReader<T> {
  readonly #source: AsyncIterator<T, undefined>;
  #isPending = false;
  #settled: (() => IteratorResult<T, undefined>) | null = null;
  #wake: (() => void) | null = null;

  constructor(source: AsyncIterator<T, undefined>) {
    this.#source = source;
  }

  /** The next result, or `silent` if none came within `limitMs`. @throws what the source throws */
  async read(limitMs: number): Promise<IteratorResult<T, undefined> | 'silent'> {
    if (!this.#isPending) this.#pull();
    if (this.#settled === null) await this.#wait(limitMs);
    const settled = this.#settled;
    if (settled === null) return 'silent';
    this.#isPending = false;
    this.#settled = null;
    return settled();
  }

  #pull(): void {
    this.#isPending = true;
    const settle = (settled: () => IteratorResult<T, undefined>) => {
      this.#settled = settled;
      this.#wake?.();
    };
    this.#source.next().then(
      (result) => settle(() => result),
      (cause: unknown) =>
        settle(() => {
          throw cause;
        }),
    );
  }

  async #wait(limitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}
