import { PatientReader } from '#shared/events/patient-reader.ts';

/** Reads an iterator and also returns regular ticks, however busy the iterator is. A tick loses nothing. */
export class TickingReader<T> {
  readonly #reader: PatientReader<T>;
  readonly #everyMs: number;
  #dueMs: number;

  constructor(source: AsyncIterator<T, undefined>, everyMs: number) {
    this.#reader = new PatientReader(source);
    this.#everyMs = everyMs;
    this.#dueMs = performance.now() + everyMs;
  }

  /** The next result or tick. @throws what the source throws */
  async read(): Promise<IteratorResult<T, undefined> | 'tick'> {
    const waitMs = this.#dueMs - performance.now();
    const step = waitMs > 0 ? await this.#reader.read(waitMs) : 'silent';
    if (step !== 'silent') return step;
    this.#dueMs = performance.now() + this.#everyMs;
    return 'tick';
  }
}
