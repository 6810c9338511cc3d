import type { RfqId } from '#shared/domain/ids.ts';
import type { ChangeSet } from '../../domain/ports/journal-store.ts';
import type { DecidedAccept } from '../../domain/rfq/rfq-journal.ts';
import { acceptOf, isRfqClosed } from '../../domain/rfq/rfq.ts';
import type { JournalListener } from '../journal-listener.ts';
import type { JournalState } from '../journal-state.ts';
import { Waiters } from '../waiters.ts';

/** Wakes callers that wait for the decision on an accept. */
export class DecidedAccepts implements JournalListener {
  readonly #waiting = new Waiters<RfqId, DecidedAccept>();

  /** Resolves once the turn with the decision is stored; call it while the request is ACCEPT_PENDING. */
  next(rfqId: RfqId): Promise<DecidedAccept | null> {
    return this.#waiting.next(rfqId);
  }

  committed({ rfq: { rfqs, settlements }, inserted, updated, events }: ChangeSet): void {
    for (const rfq of rfqs) {
      if (!this.#waiting.has(rfq.id) || !isRfqClosed(rfq)) continue;
      const orderId = acceptOf(rfq)?.orderId;
      const order = [...inserted, ...updated].find(({ id }) => id === orderId);
      if (order === undefined) continue;
      const fills = events.flatMap(({ fill }) => (fill?.orderId === order.id ? [fill] : []));
      const settlement = settlements.find(({ rfqId }) => rfqId === rfq.id) ?? null;
      this.#waiting.wake(rfq.id, { rfq, order, fills, settlement });
    }
  }

  /** Another process makes the decisions now. */
  resigned(): void {
    this.#waiting.wakeAll();
  }

  /**
   * The answer of a turn was lost, but the turn may be stored. Callers that waited for its decision must read the
   * store.
   */
  loaded(state: JournalState): void {
    for (const rfqId of this.#waiting.ids())
      if (state.rfqs.rfq(rfqId)?.state.status !== 'ACCEPT_PENDING') this.#waiting.wake(rfqId, null);
  }
}
