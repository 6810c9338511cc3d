import type { RfqId } from '#shared/domain/ids.ts';
import type { ChangeSet } from '../../domain/journal-store.ts';
import type { DecidedAccept } from '../../domain/rfq/rfq-journal.ts';
import { acceptOf, isRfqClosed } from '../../domain/rfq/rfq.ts';
import type { JournalListener } from '../journal.ts';
import type { JournalState } from '../journal-state.ts';
import { Waiting } from '../waiting.ts';

/** Wakes those who wait for an accept to be decided. */
export class DecidedAccepts implements JournalListener {
  readonly #waiting = new Waiting<RfqId, DecidedAccept>();

  /** Resolves with the stored turn that decides it; to be called while it is ACCEPT_PENDING. */
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

  /** Another process decides them now. */
  resigned(): void {
    this.#waiting.wakeAll();
  }

  /** A turn was lost, and perhaps only its answer: whoever waits for what it decided must look. */
  loaded(state: JournalState): void {
    for (const rfqId of this.#waiting.ids())
      if (state.rfqs.rfq(rfqId)?.state.status !== 'ACCEPT_PENDING') this.#waiting.wake(rfqId, null);
  }
}
