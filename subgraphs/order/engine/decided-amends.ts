import type { HoldChangeId } from '#shared/domain/ids.ts';
import type { AmendedOrder } from '../domain/order-journal.ts';
import type { JournalListener } from './journal.ts';
import type { JournalState } from './journal-state.ts';

/** Wakes those who wait for what becomes of a change that needs more than was held. */
export class DecidedAmends implements JournalListener {
  readonly #waiting = new Map<HoldChangeId, ((amended: AmendedOrder | null) => void)[]>();

  /**
   * Resolves once it is decided and stored; to be called while it is asked for. Null when the order
   * has ended before, or another process decides.
   */
  next(changeId: HoldChangeId): Promise<AmendedOrder | null> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(changeId);
      if (waiting === undefined) this.#waiting.set(changeId, [resolve]);
      else waiting.push(resolve);
    });
  }

  /** Tells what became of it. */
  decided(changeId: HoldChangeId, amended: AmendedOrder | null): void {
    const waiting = this.#waiting.get(changeId) ?? [];
    this.#waiting.delete(changeId);
    for (const resolve of waiting) resolve(amended);
  }

  /** A turn was lost, and perhaps only its answer: whoever waits for what is not asked for must look. */
  loaded(state: JournalState): void {
    const asked = new Set<HoldChangeId>();
    for (const { state: one } of state.orders())
      if (one.status === 'PENDING_UPDATE') asked.add(one.pending.changeId);
    for (const changeId of this.#waiting.keys())
      if (!asked.has(changeId)) this.decided(changeId, null);
  }

  /** Another process decides them now. */
  resigned(): void {
    for (const changeId of this.#waiting.keys()) this.decided(changeId, null);
  }
}
