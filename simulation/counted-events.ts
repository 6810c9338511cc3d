import type { RecordedOrder } from '../subgraphs/order/domain/order-event.ts';
import { isArriving } from '../subgraphs/order/domain/order.ts';
import type { RfqQuote } from '../subgraphs/order/domain/rfq/rfq-quote.ts';
import type { Rfq } from '../subgraphs/order/domain/rfq/rfq.ts';
import { isSmaller } from './invariants/book-invariants.ts';
import type { ToldOfRfq } from './invariants/rfq-told.ts';
import type { StoredOrders } from './outside/simulated-order-store.ts';

/** How often each kind of event was stored, by name; those of requests for quote begin with RFQ. */
export function countedEvents(stored: StoredOrders): Readonly<Record<string, number>> {
  const { events, orders, turns, refusals, rfq } = stored;
  const parted = turns.flatMap(({ updated }) => updated.filter(isArriving)).length;
  const byType: Record<string, number> = {};
  for (const { type } of events) byType[type] = (byType[type] ?? 0) + 1;
  for (const name of rfq.events.map(({ type }) => `RFQ_${type}`).concat(reasonsOf(stored)))
    byType[name] = (byType[name] ?? 0) + 1;
  const allExits = [...orders.values()].filter(({ link }) => link.parentOrderId !== null);
  const exits = allExits.length;
  const smallerExits = allExits.filter((one) =>
    allExits.some((other) => isSmaller(one, other)),
  ).length;
  const disconnected = [...orders.values()].filter(isDisconnected).length;
  const tooLate = [...orders.values()].filter(isTooLate).length;
  const switches = turns.flatMap(({ controls }) => controls).length;
  const timers = turns.flatMap(({ cancelTimers }) => cancelTimers).length;
  const quotesByHand = [...rfq.quotes.values()].filter(({ source }) => source === 'TRADER').length;
  const takenQuotes = [...rfq.quotes.values()].filter(isAfterTakes).length;
  const bases = [...rfq.quotes.values()].flatMap(({ basis }) => basis ?? []);
  const venueQuotes = bases.filter(({ books }) => books.length > 0).length;
  const outsideQuotes = bases.filter(({ outside }) => outside !== null).length;
  const takenLooks = [...rfq.rfqs.values()].filter(isMovedByTakes).length;
  return {
    ...{ orders: orders.size, exits, smallerExits, refusals, switches, timers },
    ...{ parted, disconnected, tooLate },
    ...{ quotesByHand, venueQuotes, outsideQuotes, takenQuotes, takenLooks, ...byType },
  };
}

/** How often an accept was refused, by reason, but for those that were repeated at rest. */
export function countedRefusals(told: readonly ToldOfRfq[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const one of told) {
    if (one.kind !== 'accepted' || one.isLast || one.outcome.kind !== 'refused') continue;
    const { reason } = one.outcome.refusal;
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

function isDisconnected({ state }: RecordedOrder): boolean {
  return state.status === 'CANCELED' && state.cancelReason === 'CANCEL_ON_DISCONNECT';
}

function isTooLate({ state }: RecordedOrder): boolean {
  return state.status === 'DENIED' && state.violations[0].reason === 'TOO_LATE';
}

/** Whether a quote is priced beyond what its client had just taken. */
function isAfterTakes({ basis }: RfqQuote): boolean {
  return basis !== null && basis.taken.ask + basis.taken.bid > 0n;
}

/** Whether a last look has measured what its client had taken since the quote. */
function isMovedByTakes({ state }: Rfq): boolean {
  return 'lastLook' in state && state.lastLook !== null && state.lastLook.takenBps !== 0n;
}

function reasonsOf({ rfq }: StoredOrders): readonly string[] {
  return [...rfq.rfqs.values()].flatMap(({ state }) =>
    state.status === 'REJECTED' ? [`RFQ_${state.rejectReason}`] : [],
  );
}
