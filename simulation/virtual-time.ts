import type { Clock } from '#shared/domain/clock.ts';

const BEGIN_MS = 1_700_000_000_000;
/** More rounds of the event loop than any chain of immediate steps takes. */
const LOOP_ROUNDS = 3;

interface Due {
  readonly at: number;
  /** Whether it recurs forever, so that rest does not wait for it. */
  readonly isIdle: boolean;
  readonly run: () => void;
}

/** A clock that stands still while work runs, then jumps to the next due time. It can be set. */
export class VirtualTime implements Clock {
  #now = BEGIN_MS;
  /** How far it was set, forward or back. */
  #stepped = 0;
  #due: Due[] = [];

  now(): number {
    return this.#now + this.#stepped;
  }

  steadyNow(): number {
    return this.#now;
  }

  /** Sets what the clock shows forward, or back if below zero; what is due stays as far away as it was. */
  step(ms: number): void {
    this.#stepped += ms;
  }

  /**
   * Runs something this many milliseconds from now, in the order of the calls if due at the same instant.
   * @param isIdle whether a desk at rest does it too
   */
  after(ms: number, run: () => void, isIdle = false): void {
    const at = this.#now + ms;
    const place = this.#due.findIndex((due) => due.at > at);
    this.#due.splice(place === -1 ? this.#due.length : place, 0, { at, isIdle, run });
  }

  /** Lets this much time pass. @returns whether only idle work is still due */
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

/** Lets all work finish that does not wait for time. */
async function settleDown(): Promise<void> {
  for (let round = 0; round < LOOP_ROUNDS; round += 1)
    await new Promise((resolve) => setImmediate(resolve));
}
