import type { RfqChanges } from '../../subgraphs/order/domain/rfq/rfq-changes.ts';
import { acceptOf, isRfqClosed, type Rfq } from '../../subgraphs/order/domain/rfq/rfq.ts';
import type { RfqQuote } from '../../subgraphs/order/domain/rfq/rfq-quote.ts';
import type { MemoryRfqStore } from '../../subgraphs/order/engine/rfq/test-rfq-store.ts';

/** What the tables of requests for quote would refuse of a turn: CHECK constraints, and unique keys. */
export function brokenRfqConstraints(
  stored: MemoryRfqStore,
  { rfqs, quotes, settlements }: RfqChanges,
): readonly string[] {
  const isTaken = (rfq: Rfq) =>
    [...stored.rfqs.values()].some((other) => other.id !== rfq.id && isAlike(rfq, other));
  const isPaid = (rfqId: string, id: string) =>
    [...stored.settlements.values()].some((other) => other.rfqId === rfqId && other.id !== id);
  return [
    ...rfqs.filter(isTaken).map(({ id }) => `request ${id} has a key of another one`),
    ...rfqs.flatMap((rfq) => brokenByRfq(rfq).map((what) => `request ${rfq.id} has ${what}`)),
    ...quotes.filter(isWrongQuote).map(({ id }) => `quote ${id} cannot be stored`),
    ...settlements
      .filter(({ rfqId, id }) => isPaid(rfqId, id))
      .map(({ rfqId }) => `request ${rfqId} is settled twice`),
  ];
}

function isAlike(rfq: Rfq, other: Rfq): boolean {
  const [orderId, otherId] = [acceptOf(rfq)?.orderId, acceptOf(other)?.orderId];
  const isSameName = rfq.accountId === other.accountId && rfq.clientRfqId === other.clientRfqId;
  return (
    isSameName || rfq.number === other.number || (orderId !== undefined && orderId === otherId)
  );
}

function brokenByRfq(rfq: Rfq): readonly string[] {
  const { size, state } = rfq;
  const amount = size.quantity ?? size.quoteQuantity;
  const checks: readonly (readonly [string, boolean])[] = [
    ['no size', amount > 0n],
    ['no end though it is closed', !isRfqClosed(rfq) || 'closedAt' in state],
    ['an accept of nothing', (acceptOf(rfq)?.quantity ?? 1n) > 0n],
  ];
  return checks.flatMap(([what, isKept]) => (isKept ? [] : [what]));
}

function isWrongQuote({ bid, ask, createdAt, validUntil }: RfqQuote): boolean {
  const sides = [bid, ask].flatMap((side) => side ?? []);
  return (
    sides.length === 0 || validUntil < createdAt || sides.some(({ quantity }) => quantity <= 0n)
  );
}
