import {
  type AccountId,
  type ComparisonTokenId,
  type OrderId,
  parseAccountId,
  parseClientOrderId,
  parseInstrumentSymbol,
  parseQuoteId,
  parseRfqId,
  type RfqId,
} from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import { NotOwnerError } from '../not-owner-error.ts';
import type { RecordedFill, RecordedOrder } from '../order-event.ts';
import type { OrderLookup } from '../order-journal.ts';
import type { OrderSide } from '../order.ts';
import { ANSWER_WITHIN_MS, type PlaceOrderPorts } from '../place-order.ts';
import { UnavailableError } from '../unavailable-error.ts';
import { clientOrderIdDenial } from '../validate-order.ts';
import { acceptRefusal, type AcceptTerms, isSameAccept } from './check-accept.ts';
import { refusalOf } from './check-request.ts';
import type { RequestQuotePorts } from './request-quote.ts';
import type { RfqAccess } from './rfq-access.ts';
import type { AcceptedQuote, DecidedAccept } from './rfq-journal.ts';
import { type AcceptRejectReason, type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';
import type { Rfq } from './rfq.ts';
import type { Settlement } from './settlement.ts';

/** The most that a client may let a price slip, in hundredths of a percent. */
export const MAX_SLIPPAGE_BPS = 20;

/** An accept as it came; ids are not checked yet. */
export interface AcceptQuote {
  readonly accountId: string;
  readonly rfqId: string;
  readonly quoteId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly clientOrderId: string;
  readonly maxSlippageBps: number;
  readonly comparisonToken: ComparisonTokenId | null;
}

/** The one answer to an accept. */
export type AcceptQuoteOutcome =
  | {
      readonly kind: 'filled';
      readonly rfq: Rfq;
      readonly order: RecordedOrder;
      /** Null when they were not looked up. */
      readonly fills: readonly RecordedFill[] | null;
      readonly settlement: Settlement;
      readonly replayed: boolean;
    }
  | {
      readonly kind: 'rejected';
      readonly rfq: Rfq;
      readonly order: RecordedOrder;
      readonly reason: AcceptRejectReason;
      readonly replayed: boolean;
    }
  | { readonly kind: 'refused'; readonly rfq: Rfq | null; readonly refusal: RfqRefusal }
  | { readonly kind: 'conflict'; readonly existing: RecordedOrder }
  | { readonly kind: 'unknown'; readonly accountId: string; readonly clientOrderId: string }
  | { readonly kind: 'rfqNotFound' }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/** What accepting stands on. */
export interface AcceptQuotePorts extends RequestQuotePorts {
  readonly orders: OrderLookup;
  readonly messageRate: PlaceOrderPorts['messageRate'];
  readonly newOrderId: () => OrderId;
  readonly within: PlaceOrderPorts['within'];
}

/**
 * Accepts a quote, once: the same accept again is answered with the first one's result. Answers in time whatever else
 * does not: an accept whose outcome is not known goes on by itself.
 * @throws UnavailableError when nothing was done because a part of the system does not answer
 */
export async function acceptQuote(
  ports: AcceptQuotePorts,
  access: RfqAccess,
  command: AcceptQuote,
): Promise<AcceptQuoteOutcome> {
  const arrivedAt = ports.clock.now();
  const accountId = parseAccountId(command.accountId);
  if (accountId === null || !access.mayRequestQuotes(accountId))
    return { kind: 'accountNotFound', accountId: command.accountId };
  const tooMany = ports.messageRate.take(accountId, arrivedAt);
  if (tooMany !== null) return { kind: 'refused', rfq: null, refusal: refusalOf(tooMany) };
  const [rfqId, terms] = [parseRfqId(command.rfqId), termsOf(command)];
  if (rfqId === null) return { kind: 'rfqNotFound' };
  if ('kind' in terms) return terms;
  const key = `${accountId}/${terms.clientOrderId}`;
  const { comparisonToken } = command;
  const accept = { rfqId, terms, arrivedAt, accountId, comparisonToken };
  const work = ports.twins.run(key, () => acceptOnce(ports, accept));
  const outcome = await ports.within(ANSWER_WITHIN_MS, work);
  const { clientOrderId } = terms;
  return outcome === 'late' ? { kind: 'unknown', accountId, clientOrderId } : outcome;
}

interface Accept {
  readonly accountId: AccountId;
  readonly rfqId: RfqId;
  readonly terms: AcceptTerms;
  readonly arrivedAt: number;
  readonly comparisonToken: ComparisonTokenId | null;
}

async function acceptOnce(ports: AcceptQuotePorts, accept: Accept): Promise<AcceptQuoteOutcome> {
  const { accountId, rfqId, terms } = accept;
  const { clientOrderId } = terms;
  const [existing, rfq] = await Promise.all([
    ports.orders.byClientOrderId({ accountId, clientOrderId }),
    ports.rfqReads.rfq(rfqId),
  ]);
  if (rfq?.accountId !== accountId) return { kind: 'rfqNotFound' };
  if (existing !== null && existing.link.rfqId !== rfqId) return { kind: 'conflict', existing };
  const instrument = await ports.instruments.find(rfq.symbol);
  if (instrument === undefined)
    throw new UnavailableError('The instrument is not known now.', null);
  const orderId = ports.newOrderId();
  try {
    const made = await ports.rfqJournal.accept({ ...accept, orderId }, instrument);
    return await outcomeOf(ports, accept, made);
  } catch (cause) {
    // The turn may have been stored and only its answer lost.
    if (cause instanceof UnavailableError && !(cause instanceof NotOwnerError))
      return { kind: 'unknown', accountId, clientOrderId };
    throw cause;
  }
}

async function outcomeOf(
  ports: AcceptQuotePorts,
  accept: Accept,
  made: AcceptedQuote,
): Promise<AcceptQuoteOutcome> {
  if (made.kind === 'refused') return made;
  if (made.kind === 'closed') return closedOutcome(ports, accept);
  const decided = await made.decided;
  return decided === null
    ? closedOutcome(ports, accept)
    : decidedOutcome(decided, decided.fills, made.replayed);
}

/** Of a request that is closed in the store. */
async function closedOutcome(
  { rfqReads, orders, instruments }: AcceptQuotePorts,
  { accountId, rfqId, terms, arrivedAt }: Accept,
): Promise<AcceptQuoteOutcome> {
  const rfq = await rfqReads.rfq(rfqId);
  if (rfq === null) return { kind: 'rfqNotFound' };
  const instrument = await instruments.find(rfq.symbol);
  if (instrument === undefined)
    throw new UnavailableError('The instrument is not known now.', null);
  if ('accept' in rfq.state && isSameAccept(terms, rfq)) {
    const [order, settlement] = await Promise.all([
      orders.byId(rfq.state.accept.orderId),
      rfqReads.settlement(rfqId),
    ]);
    const { clientOrderId } = terms;
    if (order === null || rfq.state.status === 'ACCEPT_PENDING')
      return { kind: 'unknown', accountId, clientOrderId };
    return decidedOutcome({ rfq, order, fills: [], settlement }, null, true);
  }
  const quote = (await rfqReads.quotes(rfqId)).find(({ id }) => id === terms.quoteId);
  const refusal =
    acceptRefusal(terms, rfq, quote, arrivedAt, instrument) ??
    rfqRefusal('QUOTE_EXPIRED', 'The request is closed.');
  return { kind: 'refused', rfq, refusal };
}

function decidedOutcome(
  { rfq, order, settlement }: DecidedAccept,
  fills: readonly RecordedFill[] | null,
  replayed: boolean,
): AcceptQuoteOutcome {
  if (rfq.state.status === 'REJECTED')
    return { kind: 'rejected', rfq, order, reason: rfq.state.rejectReason, replayed };
  if (settlement === null) throw new UnavailableError('The settlement is not known now.', null);
  return { kind: 'filled', rfq, order, fills, settlement, replayed };
}

function termsOf(command: AcceptQuote): AcceptTerms | AcceptQuoteOutcome {
  const { side, quantity, price, maxSlippageBps } = command;
  const refused = (refusal: RfqRefusal) => ({ kind: 'refused', rfq: null, refusal }) as const;
  const malformed = clientOrderIdDenial(command.clientOrderId);
  const clientOrderId = parseClientOrderId(command.clientOrderId);
  if (malformed !== null || clientOrderId === null)
    return refused(
      rfqRefusal('INVALID_CLIENT_ORDER_ID', malformed?.message ?? '', { rule: 'clientOrderId' }),
    );
  if (!Number.isInteger(maxSlippageBps) || maxSlippageBps < 0 || maxSlippageBps > MAX_SLIPPAGE_BPS)
    return refused(
      rfqRefusal('INVALID_SLIPPAGE', `maxSlippageBps is 0 to ${MAX_SLIPPAGE_BPS}.`, {
        rule: 'maxSlippageBps',
        limit: `${MAX_SLIPPAGE_BPS}`,
        actual: `${maxSlippageBps}`,
      }),
    );
  const quoteId = parseQuoteId(command.quoteId);
  if (quoteId === null)
    return refused(rfqRefusal('QUOTE_NOT_FOUND', 'The request never had such a quote.'));
  const symbol = parseInstrumentSymbol(command.symbol);
  if (symbol === null)
    return refused(
      rfqRefusal('INSTRUMENT_MISMATCH', 'The quote is for another instrument.', {
        rule: 'symbol',
        actual: command.symbol,
      }),
    );
  return { quoteId, symbol, side, quantity, price, clientOrderId, maxSlippageBps };
}
