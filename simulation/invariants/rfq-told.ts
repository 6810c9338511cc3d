import type { RfqId } from '#shared/domain/ids.ts';
import type { AcceptQuoteOutcome } from '../../subgraphs/order/domain/rfq/accept-once.ts';
import type { AcceptQuote } from '../../subgraphs/order/domain/rfq/accept-quote.ts';
import type { RequestQuote } from '../../subgraphs/order/domain/rfq/request-quote.ts';
import type { RfqQuote } from '../../subgraphs/order/domain/rfq/rfq-quote.ts';
import { acceptOf, isLive, type Rfq } from '../../subgraphs/order/domain/rfq/rfq.ts';
import type { StoredOrders } from '../outside/simulated-order-store.ts';
import type { Violation } from '../violation.ts';

/** The answer to an accept. */
interface AnsweredAccept {
  readonly kind: 'accepted';
  readonly command: AcceptQuote;
  readonly outcome: AcceptQuoteOutcome;
  /** Whether it was asked once everything had come to rest. */
  readonly isLast: boolean;
}

/** What a client or a trader was told of a request for quote; it must still be true in the end. */
export type ToldOfRfq =
  | AnsweredAccept
  | { readonly kind: 'requested'; readonly command: RequestQuote; readonly rfqId: RfqId }
  | { readonly kind: 'quoted'; readonly quote: RfqQuote }
  | { readonly kind: 'canceled' | 'notCancelable'; readonly rfqId: RfqId }
  /** An impossible answer. */
  | { readonly kind: 'absurd'; readonly text: string };

/** Every answer about a request for quote is what the desk has. */
export function toldOfRfqViolations(
  stored: StoredOrders,
  told: readonly ToldOfRfq[],
): readonly Violation[] {
  return told.flatMap((one): Violation[] => {
    const wrong = wrongly(stored, one);
    return wrong === null ? [] : [{ promise: 'told', detail: wrong }];
  });
}

/** What is wrong with it; null if nothing is. */
function wrongly(stored: StoredOrders, told: ToldOfRfq): string | null {
  const { rfqs } = stored.rfq;
  switch (told.kind) {
    case 'requested':
      return wrongRequest(rfqs.get(told.rfqId), told.command);
    case 'quoted':
      return wrongQuote(stored.rfq.quotes.get(told.quote.id), told.quote);
    case 'accepted':
      return wrongAccept(stored, told);
    case 'canceled': {
      const status = rfqs.get(told.rfqId)?.state.status;
      return status === 'CANCELED' ? null : `${told.rfqId} was canceled, and is ${status}`;
    }
    case 'notCancelable': {
      const rfq = rfqs.get(told.rfqId);
      const isTrue = rfq !== undefined && !isLive(rfq) && rfq.state.status !== 'CANCELED';
      return isTrue ? null : `${told.rfqId} was not cancelable, and is ${rfq?.state.status}`;
    }
    case 'absurd':
      return told.text;
  }
}

function wrongRequest(rfq: Rfq | undefined, command: RequestQuote): string | null {
  const isSame =
    rfq?.clientRfqId === command.clientRfqId &&
    rfq.accountId === command.accountId &&
    rfq.symbol === command.symbol &&
    rfq.side === command.side;
  return isSame ? null : `${command.accountId} was told of ${command.clientRfqId} in vain`;
}

function wrongQuote(quote: RfqQuote | undefined, told: RfqQuote): string | null {
  const isSame =
    quote?.rfqId === told.rfqId &&
    quote.bid?.price === told.bid?.price &&
    quote.ask?.price === told.ask?.price &&
    quote.validUntil === told.validUntil;
  return isSame ? null : `quote ${told.id} was told otherwise than it is stored`;
}

function wrongAccept({ rfq, orders }: StoredOrders, told: AnsweredAccept): string | null {
  const { command, outcome, isLast } = told;
  const found = [...rfq.rfqs.values()].find(({ state, accountId }) => {
    const isItself = 'accept' in state && state.accept.clientOrderId === command.clientOrderId;
    return isItself && accountId === command.accountId;
  });
  const now = found?.state.status ?? 'not there';
  const detail = `${command.accountId}'s accept ${command.clientOrderId} was ${outcome.kind}, and is ${now}`;
  if (outcome.kind === 'refused')
    return isLast && found !== undefined ? `${detail}: ${outcome.refusal.reason}` : null;
  const isDecided = outcome.kind === 'filled' || outcome.kind === 'rejected';
  if (!isDecided || found === undefined || !isAsAccepted(found, command)) return detail;
  const isPaid = outcome.kind === 'rejected' || rfq.settlements.has(outcome.settlement.id);
  const isTrue = isPaid && isSameDecision(found, outcome.rfq) && orders.has(outcome.order.id);
  return isTrue ? null : detail;
}

function isSameDecision(rfq: Rfq, told: Rfq): boolean {
  const isSameOrder = rfq.id === told.id && acceptOf(rfq)?.orderId === acceptOf(told)?.orderId;
  return isSameOrder && decisionOf(rfq) === decisionOf(told);
}

function isAsAccepted(rfq: Rfq, { rfqId, quoteId }: AcceptQuote): boolean {
  return acceptOf(rfq)?.quoteId === quoteId && (rfqId === null || rfqId === rfq.id);
}

/** The decision on an accept in words. */
function decisionOf({ state }: Rfq): string {
  if (state.status === 'FILLED') return `FILLED at ${state.fillPrice}`;
  return state.status === 'REJECTED' ? `REJECTED ${state.rejectReason}` : state.status;
}
