import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import { type Allowance, type Level, take } from './gcra.ts';

/** Where the levels of principals are kept. */
export interface AllowanceStore {
  /**
   * Uses up an amount, in one step for all that use the store.
   * @throws Error, soon, if the store cannot answer
   */
  take(principal: string, cost: number, isForced: boolean): Promise<Level>;
  /** Waits until the store can be used, but not for long. */
  begin(): Promise<void>;
  close(): Promise<void>;
}

/** More principals than this are not remembered; a forgotten one starts with a full allowance. */
const REMEMBERED = 20_000;

/** Levels in this process alone. */
export class MemoryAllowances implements AllowanceStore {
  readonly #allowance: Allowance;
  readonly #clock: Clock;
  /** In the order of use. */
  readonly #emptyAtUs = new Map<string, number>();

  constructor(allowance: Allowance, clock: Clock) {
    this.#allowance = allowance;
    this.#clock = clock;
  }

  take(principal: string, cost: number, isForced: boolean): Promise<Level> {
    const nowUs = Math.round(steadyNow(this.#clock) * 1000);
    const emptyAtUs = this.#emptyAtUs.get(principal) ?? null;
    const level = take(this.#allowance, cost, { emptyAtUs, nowUs, isForced });
    this.#emptyAtUs.delete(principal);
    this.#emptyAtUs.set(principal, level.emptyAtUs);
    this.#forget(nowUs);
    return Promise.resolve(level);
  }

  begin(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** A principal with a full allowance need not be remembered; a few are checked each time. */
  #forget(nowUs: number): void {
    let looks = 2;
    for (const [principal, emptyAtUs] of this.#emptyAtUs) {
      if (this.#emptyAtUs.size <= REMEMBERED && (looks === 0 || emptyAtUs > nowUs)) return;
      this.#emptyAtUs.delete(principal);
      looks -= 1;
    }
  }
}
