import type { QuoteId, RfqId, UserId } from '#shared/domain/ids.ts';
import type { HandQuoted } from '../../domain/rfq/rfq-journal.ts';
import type { PricedQuote } from '../../domain/rfq/rfq-quote.ts';
import { isLive } from '../../domain/rfq/rfq.ts';
import type { Turn } from '../turn.ts';

/**
 * Takes a request from the machine, or gives it back. What the machine has quoted is withdrawn in the same turn, so that
 * hand and machine never both quote.
 */
export function takeOver(
  { rfqs }: Turn,
  rfqId: RfqId,
  traderId: UserId,
  isTaken: boolean,
): HandQuoted {
  const rfq = rfqs.book.rfq(rfqId);
  if (rfq === undefined || !isLive(rfq)) return { kind: 'notOpen', rfq: rfq ?? null };
  const owner = isTaken ? traderId : null;
  if (rfq.traderId === owner) return { kind: 'done', rfq, quote: null };
  if (rfq.traderId !== null && rfq.traderId !== traderId) return { kind: 'notYours', rfq };
  const quiet = rfq.state.status === 'QUOTED' ? rfqs.stopQuoting(rfq) : rfq;
  const changed = rfqs.change({ ...quiet, traderId: owner }, 'TAKEN_OVER');
  return { kind: 'done', rfq: changed, quote: null };
}

/** Quotes a request that the trader has taken over; what was quoted by hand before is withdrawn. */
export function quoteByHand(
  { rfqs, now }: Turn,
  rfqId: RfqId,
  traderId: UserId,
  prices: Pick<PricedQuote, 'bid' | 'ask'>,
  quoteId: QuoteId,
): HandQuoted {
  const rfq = rfqs.book.rfq(rfqId);
  if (rfq === undefined || !isLive(rfq) || rfq.expiresAt <= now)
    return { kind: 'notOpen', rfq: rfq ?? null };
  if (rfq.traderId !== traderId) return { kind: 'notYours', rfq };
  const made = rfqs.quote(
    rfqs.withdraw(rfq),
    { ...prices, basis: null },
    { id: quoteId, source: 'TRADER' },
  );
  return { kind: 'done', ...made };
}
