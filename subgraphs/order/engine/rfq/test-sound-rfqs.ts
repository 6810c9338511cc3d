import { expect } from 'vitest';
import { quoteSideFor } from '../../domain/rfq/rfq-quote.ts';
import { acceptOf } from '../../domain/rfq/rfq.ts';
import type { MemoryJournalStore } from '../test-journal.ts';

/** Checks what must be true of the store at every moment. */
export function expectSound({
  rfq: { rfqs, quotes, settlements, events },
  events: orderEvents,
}: MemoryJournalStore) {
  const fills = orderEvents.flatMap(({ fill }) => (fill === null ? [] : [fill]));
  for (const rfq of rfqs.values()) {
    const told = events.filter(({ rfqId }) => rfqId === rfq.id);
    expect(told.map(({ sequence }) => Number(sequence))).toEqual(told.map((_, index) => index + 1));
    expect(told.at(-1)?.status).toBe(rfq.state.status);
    const accept = acceptOf(rfq);
    const own = fills.filter(({ orderId }) => orderId === accept?.orderId);
    const paid = [...settlements.values()].filter(({ rfqId }) => rfqId === rfq.id);
    expect([own.length, paid.length]).toEqual(rfq.state.status === 'FILLED' ? [1, 1] : [0, 0]);
    if (accept === null) continue;
    const offered = quoteSideFor(
      accept.side,
      quotes.get(accept.quoteId) ?? { bid: null, ask: null, basis: null },
    );
    expect(accept).toMatchObject({ price: offered?.price, quantity: offered?.quantity });
    expect(accept.acceptedAt).toBeLessThan(quotes.get(accept.quoteId)?.validUntil ?? 0);
  }
}
