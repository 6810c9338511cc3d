import type { QuoteId, RfqId, UserId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { formatPrice, type Price } from '#shared/domain/price.ts';
import { priceCollar } from '../../domain/rules/price-collar.ts';
import { haltedRefusal, notTrading, sizeRefusal } from '../../domain/rfq/check-request.ts';
import type { HandQuoted } from '../../domain/rfq/rfq-journal.ts';
import type { PricedQuote, RfqQuote } from '../../domain/rfq/rfq-quote.ts';
import { type RfqRefusal, rfqRefusal } from '../../domain/rfq/rfq-refusal.ts';
import { isLive, type Rfq } from '../../domain/rfq/rfq.ts';
import type { Turn } from '../turn.ts';
import { roomRefusal } from './house-room.ts';

/**
 * Takes a request from the machine, or gives it back. The machine's quotes are withdrawn in the same turn, so a trader
 * and the machine never quote at the same time.
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
  // A key can be restricted to the house account, so that the trader's roles on others are not known.
  if (isTaken && rfqs.book.userOf(rfqId) === traderId) return { kind: 'ownAccount', rfq };
  const quiet = rfq.state.status === 'QUOTED' ? rfqs.stopQuoting(rfq) : rfq;
  const changed = rfqs.change({ ...quiet, traderId: owner }, 'TAKEN_OVER');
  return { kind: 'done', rfq: changed, quote: null };
}

/** A quote that a trader makes. */
interface HandQuote {
  readonly rfqId: RfqId;
  readonly traderId: UserId;
  readonly prices: Pick<PricedQuote, 'bid' | 'ask'>;
  readonly quoteId: QuoteId;
}

/**
 * Quotes a request that the trader has taken over, and withdraws the previous quote. The new one is firm immediately: an
 * accept of it must not be refused at once, and its price must be within the collar for orders around the market; without
 * a market, around the one of the last automatic quote, if there was any.
 */
export function quoteByHand(
  turn: Turn,
  { rfqId, traderId, prices, quoteId }: HandQuote,
  instrument: Instrument,
): HandQuoted {
  const { rfqs, now } = turn;
  const rfq = rfqs.book.rfq(rfqId);
  if (rfq === undefined || !isLive(rfq) || rfq.expiresAt <= now)
    return { kind: 'notOpen', rfq: rfq ?? null };
  if (rfq.traderId !== traderId) return { kind: 'notYours', rfq };
  const mid = rfqs.pricer.midPrice(instrument, now);
  const reference = mid ?? lastMid(rfqs.book.quotes(rfqId));
  const refusal =
    stoppedRefusal(turn, rfq, instrument) ??
    firstRefusal(rfq, prices, mid, instrument) ??
    (reference === null ? null : slipRefusal(prices, reference, instrument)) ??
    limitRefusal(turn, prices, instrument);
  if (refusal !== null) return { kind: 'refused', rfq, refusal };
  const made = rfqs.quote(
    rfqs.withdraw(rfq),
    { ...prices, basis: null },
    { id: quoteId, source: 'TRADER' },
  );
  return { kind: 'done', ...made };
}

function lastMid(quotes: readonly RfqQuote[]): Price | null {
  return quotes.findLast(({ basis }) => basis !== null)?.basis?.midPrice ?? null;
}

/** Why no accept of the request could trade now, at whatever price; null if one can. */
function stoppedRefusal(
  { state }: Turn,
  { accountId }: Rfq,
  instrument: Instrument,
): RfqRefusal | null {
  if (instrument.status !== 'TRADING') return notTrading(instrument);
  return state.safety.tradingState(accountId) === 'HALTED' ? haltedRefusal() : null;
}

/** RISK_LIMIT_EXCEEDED for a side on which the house cannot trade as much. */
function limitRefusal(
  turn: Turn,
  { bid, ask }: HandQuote['prices'],
  instrument: Instrument,
): RfqRefusal | null {
  return (
    (ask && roomRefusal(turn, { side: 'BUY', ...ask }, instrument)) ??
    (bid && roomRefusal(turn, { side: 'SELL', ...bid }, instrument))
  );
}

/** Values a size that is not known to be valid: by the market, or without one by the trader's own prices. */
function firstRefusal(
  rfq: Rfq,
  { bid, ask }: HandQuote['prices'],
  mid: Price | null,
  instrument: Instrument,
): RfqRefusal | null {
  if (rfq.firstQuotedAt !== null) return null;
  for (const side of [bid, ask]) {
    const refusal = side === null ? null : sizeRefusal(rfq, instrument, mid ?? side.price);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** INVALID_PRICE for a price outside the collar around the middle of a market. */
function slipRefusal(
  { bid, ask }: HandQuote['prices'],
  mid: Price,
  instrument: Instrument,
): RfqRefusal | null {
  const collar = priceCollar(mid, instrument);
  if (collar === null) return null;
  for (const side of [bid, ask]) {
    if (side === null || (side.price >= collar.lowest && side.price <= collar.highest)) continue;
    const isBelow = side.price < collar.lowest;
    const [limit, actual] = [isBelow ? collar.lowest : collar.highest, side.price].map((one) =>
      formatPrice(one, instrument.priceScale),
    ) as [string, string];
    const message = `The price ${actual} is ${isBelow ? 'below' : 'above'} ${limit}.`;
    const values = { rule: 'collarRate', limit, actual, nearestValid: limit };
    return rfqRefusal('INVALID_PRICE', message, values);
  }
  return null;
}
