import type { HoldChangeId } from '#shared/domain/ids.ts';
import type { AmendedOrder } from '../domain/order-journal.ts';
import type { JournalListener } from './journal.ts';
import type { JournalState } from './journal-state.ts';
import { Waiting } from './waiting.ts';

/** Wakes those who wait for what becomes of a change that needs more than was held. */
export class DecidedAmends implements JournalListener {
  readonly #waiting = new Waiting<HoldChangeId, AmendedOrder>();

  /**
   * Resolves once it is decided and stored; to be called while it is asked for. Null if the order
   * has ended before, or another process decides.
   */
  next(changeId: HoldChangeId): Promise<AmendedOrder | null> {
    return this.#waiting.next(changeId);
  }

  /** Tells what became of it. */
  decided(changeId: HoldChangeId, amended: AmendedOrder | null): void {
    this.#waiting.wake(changeId, amended);
  }

  /** A turn was lost, and perhaps only its answer: whoever waits for what is not asked for must look. */
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
