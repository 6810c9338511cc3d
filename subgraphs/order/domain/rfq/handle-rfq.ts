import { parseRfqId, type QuoteId, type UserId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { formatPrice, type Price } from '#shared/domain/price.ts';
import { isDesk } from '../desk.ts';
import type { RequestQuotePorts } from './request-quote.ts';
import type { RfqAccess } from './rfq-access.ts';
import { quotedSide } from './price-quote.ts';
import type { HandQuoted } from './rfq-journal.ts';
import { type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';
import type { Rfq } from './rfq.ts';

/** The possible answers to a trader of the desk who handles a request. */
export type HandleRfqOutcome =
  | HandQuoted
  | { readonly kind: 'refused'; readonly rfq: Rfq; readonly refusal: RfqRefusal }
  | { readonly kind: 'rfqNotFound' }
  | { readonly kind: 'notTheDesk' };

/** The dependencies of handling. */
export interface HandleRfqPorts extends RequestQuotePorts {
  readonly newQuoteId: () => QuoteId;
}

/** Takes a request from the machine, or gives it back. @throws UnavailableError if that may not be stored */
export async function takeOverRfq(
  { rfqJournal, rfqReads }: HandleRfqPorts,
  access: RfqAccess,
  command: { readonly rfqId: string; readonly isTaken: boolean; readonly traderId: UserId | null },
): Promise<HandleRfqOutcome> {
  if (!isDesk(access) || command.traderId === null) return { kind: 'notTheDesk' };
  const rfqId = parseRfqId(command.rfqId);
  const rfq = rfqId === null ? null : await rfqReads.rfq(rfqId);
  if (rfq === null) return { kind: 'rfqNotFound' };
  if (command.isTaken && access.isMember(rfq.accountId)) return { kind: 'ownAccount', rfq };
  return rfqJournal.takeOver(rfq.id, command.traderId, command.isTaken);
}

/** Quotes a request by hand. @throws UnavailableError if the quote may not be stored */
export async function quoteRfqByHand(
  { rfqJournal, rfqReads, instruments, newQuoteId }: HandleRfqPorts,
  access: RfqAccess,
  command: {
    readonly rfqId: string;
    readonly bidPrice: Price | null;
    readonly askPrice: Price | null;
    readonly traderId: UserId | null;
  },
): Promise<HandleRfqOutcome> {
  if (!isDesk(access) || command.traderId === null) return { kind: 'notTheDesk' };
  const rfqId = parseRfqId(command.rfqId);
  const rfq = rfqId === null ? null : await rfqReads.rfq(rfqId);
  const instrument = rfq === null ? undefined : await instruments.find(rfq.symbol);
  if (rfq === null || instrument === undefined) return { kind: 'rfqNotFound' };
  if (access.isMember(rfq.accountId)) return { kind: 'ownAccount', rfq };
  const { bidPrice, askPrice } = command;
  const refusal = pricesRefusal(rfq, bidPrice, askPrice, instrument);
  if (refusal !== null) return { kind: 'refused', rfq, refusal };
  const sides = {
    bid: quotedSide(bidPrice, rfq.size, instrument),
    ask: quotedSide(askPrice, rfq.size, instrument),
  };
  return rfqJournal.quoteByHand(rfq.id, command.traderId, sides, newQuoteId(), instrument);
}

function pricesRefusal(
  { side, size }: Rfq,
  bid: Price | null,
  ask: Price | null,
  instrument: Instrument,
): RfqRefusal | null {
  const { tickSize, priceScale } = instrument;
  const [needsBid, needsAsk] = [side !== 'BUY', side !== 'SELL'];
  if ((bid !== null && !needsBid) || (ask !== null && !needsAsk) || (bid === null && ask === null))
    return rfqRefusal(
      'SIDE_MISMATCH',
      'Quote the requested side; if both were requested, at least one.',
      {
        rule: 'side',
      },
    );
  const tick = formatPrice(tickSize, priceScale);
  for (const price of [bid, ask])
    if (price !== null && (price <= 0n || price % tickSize !== 0n))
      return rfqRefusal('INVALID_PRICE', `A price must be a positive multiple of ${tick}.`, {
        rule: 'tickSize',
        limit: tick,
        actual: formatPrice(price, priceScale),
      });
  const isWorthNothing = [bid, ask].some(
    (price) => price !== null && quotedSide(price, size, instrument) === null,
  );
  if (isWorthNothing)
    return rfqRefusal(
      'INVALID_PRICE',
      'At this price the quote quantity is worth less or more than the instrument allows.',
      { rule: 'quoteQuantity' },
    );
  if (bid === null || ask === null || bid < ask) return null;
  return rfqRefusal('INVALID_PRICE', 'The bid must be below the ask.', {
    rule: 'bidPrice',
    limit: formatPrice(ask, priceScale),
    actual: formatPrice(bid, priceScale),
  });
}
