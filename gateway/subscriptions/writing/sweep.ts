import type { Clock } from '#shared/domain/clock.ts';

const PARTS = 10;
const PART_MS = 100;

/** Something that is checked about once a second. */
export interface Swept {
  /** @param nowMs of `performance` @param epochMs of the clock */
  sweep(nowMs: number, epochMs: number): void;
}

/** One timer for all sockets, a tenth of them at a time, so that their pings are spread. */
export class Sweep {
  readonly #parts: readonly Set<Swept>[] = Array.from({ length: PARTS }, () => new Set());
  readonly #timer: NodeJS.Timeout;
  #added = 0;
  #turn = 0;

  constructor(clock: Clock) {
    this.#timer = setInterval(() => {
      this.#turn += 1;
      const [nowMs, epochMs] = [performance.now(), clock.now()];
      for (const swept of this.#partOf(this.#turn)) swept.sweep(nowMs, epochMs);
    }, PART_MS);
  }

  /** Checks one more. @returns a function that ends this */
  add(swept: Swept): () => void {
    this.#added += 1;
    const part = this.#partOf(this.#added);
    part.add(swept);
    return () => void part.delete(swept);
  }

  /** Ends it for all. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #partOf(count: number): Set<Swept> {
    return this.#parts[count % PARTS] as Set<Swept>;
  }
}
