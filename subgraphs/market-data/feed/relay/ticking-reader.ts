import { PatientReader } from '#shared/events/patient-reader.ts';

/** Reads an iterator beside a clock that ticks however much or little comes; nothing is lost by a tick. */
export class TickingReader<T> {
  readonly #reader: PatientReader<T>;
  readonly #everyMs: number;
  #dueMs: number;

  constructor(source: AsyncIterator<T, undefined>, everyMs: number) {
    this.#reader = new PatientReader(source);
    this.#everyMs = everyMs;
    this.#dueMs = performance.now() + everyMs;
  }

  /** What comes next. @throws what the source throws */
  async read(): Promise<IteratorResult<T, undefined> | 'tick'> {
    const waitMs = this.#dueMs - performance.now();
    const step = waitMs > 0 ? await this.#reader.read(waitMs) : 'silent';
    if (step !== 'silent') return step;
    this.#dueMs = performance.now() + this.#everyMs;
    return 'tick';
  }
}
