import type { HoldChangeId } from '#shared/domain/ids.ts';
import type { AmendedOrder } from '../domain/ports/order-journal.ts';
import type { JournalListener } from './journal-listener.ts';
import type { JournalState } from './journal-state.ts';
import { Waiters } from './waiters.ts';

/** Wakes those who wait for the outcome of a change that needed a larger hold. */
export class DecidedAmends implements JournalListener {
  readonly #waiting = new Waiters<HoldChangeId, AmendedOrder>();

  /**
   * Resolves once it is decided and stored; call it while the change is pending. Null if the order
   * ended first, or another process decides.
   */
  next(changeId: HoldChangeId): Promise<AmendedOrder | null> {
    return this.#waiting.next(changeId);
  }

  /** Reports the outcome. */
  decided(changeId: HoldChangeId, amended: AmendedOrder | null): void {
    this.#waiting.wake(changeId, amended);
  }

  /**
   * A turn was lost, or perhaps only its answer: those who wait for something that is no longer
   * pending must look.
   */
  loaded(state: JournalState): void {
    const asked = new Set<HoldChangeId>();
    for (const { state: one } of state.orders())
      if (one.status === 'PENDING_UPDATE') asked.add(one.pending.changeId);
    for (const changeId of this.#waiting.ids())
      if (!asked.has(changeId)) this.decided(changeId, null);
  }

  /** Another process decides them now. */
  resigned(): void {
    this.#waiting.wakeAll();
  }
}
