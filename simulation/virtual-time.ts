import type { Clock } from '#shared/domain/clock.ts';

const BEGIN_MS = 1_700_000_000_000;
/** More than any chain of steps that needs no time waits for the loop. */
const LOOP_ROUNDS = 3;

interface Due {
  readonly at: number;
  /** Whether it comes again and again, and nothing waits for its end. */
  readonly isIdle: boolean;
  readonly run: () => void;
}

/** A clock that stands still while anything works, and then leaps to what is due next. */
export class VirtualTime implements Clock {
  #now = BEGIN_MS;
  #due: Due[] = [];

  now(): number {
    return this.#now;
  }

  /**
   * Does something so many milliseconds from now; of two at one instant the one that came first.
   * @param isIdle whether a desk at rest does it too
   */
  after(ms: number, run: () => void, isIdle = false): void {
    const at = this.#now + ms;
    const place = this.#due.findIndex((due) => due.at > at);
    this.#due.splice(place === -1 ? this.#due.length : place, 0, { at, isIdle, run });
  }

  /** Lets this much time go by. @returns whether nothing but what is idle is due any more */
  async pass(ms: number): Promise<boolean> {
    const end = this.#now + ms;
    await settleDown();
    for (let next = this.#due[0]; next !== undefined && next.at <= end; next = this.#due[0]) {
      this.#due.shift();
      this.#now = next.at;
      next.run();
      await settleDown();
    }
    this.#now = end;
    return this.#due.every(({ isIdle }) => isIdle);
  }
}

/** Lets everything go on that waits for no time. */
async function settleDown(): Promise<void> {
  for (let round = 0; round < LOOP_ROUNDS; round += 1)
    await new Promise((resolve) => setImmediate(resolve));
}
