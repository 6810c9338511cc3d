import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { AccountId } from '#shared/domain/ids.ts';
import { CANCEL_AFTER_RANGE_MS } from '../../domain/use-cases/set-trading-state.ts';
import type { CancelTimer } from '../../domain/trading-control.ts';
import { KeyedHeap } from '../keyed-heap.ts';

/** A dead man's switch that is on, in milliseconds. */
interface Timer {
  /** The instant that is stored and shown, by the clock at the time when it was set. */
  readonly firesAt: number;
  /** When it fires, by the clock that nothing sets. */
  readonly dueAt: number;
}

/**
 * The dead man's switches that are on. Each runs by a clock that nothing sets, so that a step of the
 * machine's clock neither delays one nor fires it early. The store has only the instant: a process
 * that reads one continues from what is left until then, and never for longer than one can last.
 */
export class CancelTimers {
  readonly #clock: Clock;
  readonly #timers = new Map<AccountId, Timer>();
  readonly #byDue = new KeyedHeap<AccountId, Timer>((left, right) => left.dueAt < right.dueAt);
  /** Those that the turn which is not stored yet has replaced. */
  readonly #replaced = new Map<AccountId, Timer>();

  constructor(timers: readonly CancelTimer[], clock: Clock) {
    this.#clock = clock;
    for (const timer of timers) this.set(timer);
    this.stored();
  }

  /** Sets one, again or off. */
  set({ accountId, firesAt }: CancelTimer): void {
    const before = this.#timers.get(accountId);
    if (before !== undefined && !this.#replaced.has(accountId))
      this.#replaced.set(accountId, before);
    if (firesAt !== null) this.#put(accountId, { firesAt, dueAt: this.#dueAt(firesAt) });
    else if (this.#timers.delete(accountId)) this.#byDue.delete(accountId);
  }

  /** See {@link Timer.firesAt}; null while it is off. */
  firesAt(accountId: AccountId): number | null {
    return this.#timers.get(accountId)?.firesAt ?? null;
  }

  /** The account whose switch is to fire next, if it has run out; at exactly its instant it has. */
  nextFired(): AccountId | undefined {
    const { first, firstKey } = this.#byDue;
    return first !== undefined && first.dueAt <= steadyNow(this.#clock) ? firstKey : undefined;
  }

  /** The turn that has set them is stored. */
  stored(): void {
    this.#replaced.clear();
  }

  /** Carries over from memory after a lost turn: a switch that is stored runs on as it did. */
  carryOver(before: CancelTimers): void {
    for (const [accountId, { firesAt }] of this.#timers) {
      // The lost turn has set it, if that is stored nevertheless; otherwise an earlier one has.
      const known = [before.#timers.get(accountId), before.#replaced.get(accountId)].find(
        (one) => one?.firesAt === firesAt,
      );
      if (known !== undefined) this.#put(accountId, known);
    }
  }

  #put(accountId: AccountId, timer: Timer): void {
    this.#timers.set(accountId, timer);
    this.#byDue.set(accountId, timer);
  }

  #dueAt(firesAt: number): number {
    const left = Math.max(0, firesAt - this.#clock.now());
    return steadyNow(this.#clock) + Math.min(left, CANCEL_AFTER_RANGE_MS.max);
  }
}
