import type { ClientRfqId, ComparisonTokenId, OrderId, RfqId } from '#shared/domain/ids.ts';
import { mayBeDone, NotOwnerError } from '../ports/not-owner-error.ts';
import type { RecordedFill, RecordedOrder } from '../order-event.ts';
import type { OrderLookup } from '../ports/order-journal.ts';
import type { PlaceOrderPorts } from '../use-cases/place-order.ts';
import type { Sender } from '../rules/sender.ts';
import { UnavailableError } from '../ports/unavailable-error.ts';
import { acceptRefusal, type AcceptTerms, isSameAccept } from './check-accept.ts';
import type { LevelJournal } from './level-journal.ts';
import type { RequestQuotePorts } from './request-quote.ts';
import type { AcceptedQuote, DecidedAccept } from './rfq-journal.ts';
import { type AcceptRejectReason, type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';
import type { Rfq } from './rfq.ts';
import type { Settlement } from './settlement.ts';

/** The possible answers to an accept. */
export type AcceptQuoteOutcome =
  | {
      readonly kind: 'filled';
      readonly rfq: Rfq;
      readonly order: RecordedOrder;
      /** Null if they were not looked up. */
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

/** The dependencies of accepting. */
export interface AcceptQuotePorts extends RequestQuotePorts {
  readonly orders: OrderLookup;
  readonly messageRate: PlaceOrderPorts['messageRate'];
  readonly newOrderId: () => OrderId;
  readonly within: PlaceOrderPorts['within'];
  readonly levels: LevelJournal;
  /** For a request that begins with a level. */
  readonly newClientRfqId: () => ClientRfqId;
}

/** An accept whose ids are well formed. */
export interface Accept extends Sender {
  readonly rfqId: RfqId;
  readonly terms: AcceptTerms;
  readonly arrivedAt: number;
  readonly comparisonToken: ComparisonTokenId | null;
}

/** Accepts a quote of an existing request. @throws UnavailableError if nothing was done */
export async function acceptOnce(
  ports: AcceptQuotePorts,
  accept: Accept,
): Promise<AcceptQuoteOutcome> {
  const { accountId, rfqId, terms } = accept;
  const { clientOrderId } = terms;
  const [existing, rfq] = await Promise.all([
    ports.orders.byClientOrderId({ accountId, clientOrderId }),
    ports.rfqJournal.known(rfqId) ?? ports.rfqReads.rfq(rfqId),
  ]);
  if (rfq?.accountId !== accountId) return { kind: 'rfqNotFound' };
  if (existing !== null && existing.link.rfqId !== rfqId) return { kind: 'conflict', existing };
  const instrument = await ports.instruments.find(rfq.symbol);
  if (instrument === undefined)
    throw new UnavailableError('Instrument data is temporarily unavailable.', null);
  const command = { ...accept, orderId: ports.newOrderId() };
  try {
    return await answerTo(ports, accept, () => ports.rfqJournal.accept(command, instrument));
  } catch (cause) {
    // Nothing was done now, but an accept is there, and the next owner of the books decides it.
    if (existing !== null && cause instanceof NotOwnerError) return storedOutcome(ports, accept);
    throw cause;
  }
}

/** Passes an accept to the journal and returns its outcome. */
export async function answerTo(
  ports: AcceptQuotePorts,
  accept: Accept,
  tellJournal: () => Promise<AcceptedQuote>,
): Promise<AcceptQuoteOutcome> {
  const { accountId, terms } = accept;
  try {
    return await outcomeOf(ports, accept, await tellJournal());
  } catch (cause) {
    const { clientOrderId } = terms;
    if (mayBeDone(cause)) return { kind: 'unknown', accountId, clientOrderId };
    throw cause;
  }
}

async function outcomeOf(
  ports: AcceptQuotePorts,
  accept: Accept,
  made: AcceptedQuote,
): Promise<AcceptQuoteOutcome> {
  if (made.kind === 'refused') return made;
  if (made.kind === 'closed') return storedOutcome(ports, accept);
  const decided = await made.decided;
  return decided === null
    ? storedOutcome(ports, accept)
    : decidedOutcome(decided, decided.fills, made.replayed);
}

/** Answers an accept by what the store has of its request: it is closed there, or accepted. */
async function storedOutcome(
  { rfqReads, orders, instruments }: AcceptQuotePorts,
  { accountId, rfqId, terms, arrivedAt }: Accept,
): Promise<AcceptQuoteOutcome> {
  const rfq = await rfqReads.rfq(rfqId);
  if (rfq === null) return { kind: 'rfqNotFound' };
  const instrument = await instruments.find(rfq.symbol);
  if (instrument === undefined)
    throw new UnavailableError('Instrument data is temporarily unavailable.', null);
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
  const quote = (await rfqReads.quote(rfqId, terms.quoteId)) ?? undefined;
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
  if (settlement === null)
    throw new UnavailableError('Settlement data is temporarily unavailable.', null);
  return { kind: 'filled', rfq, order, fills, settlement, replayed };
}
