import { type ComparisonTokenId, parseClientOrderId, trusted } from '#shared/domain/ids.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import { NotOwnerError } from '../ports/not-owner-error.ts';
import type { OrderSide } from '../order.ts';
import type { PlaceOrderPorts } from '../use-cases/place-order.ts';
import { UnavailableError } from '../ports/unavailable-error.ts';
import type { Comparison, Comparisons } from './comparison.ts';
import {
  requestQuote,
  type RequestQuote,
  type RequestQuoteOutcome,
  type RequestQuotePorts,
} from './request-quote.ts';
import type { RfqAccess } from './rfq-access.ts';
import type { Rfq } from './rfq.ts';

/** The trade to compare, as received. */
export interface CompareExecution extends Pick<
  RequestQuote,
  'accountId' | 'symbol' | 'clientRfqId'
> {
  readonly side: OrderSide;
  readonly quantity: Quantity;
}

/** The possible answers to a comparison: both ways to execute, or the answers to a request for quote that failed. */
export type CompareExecutionOutcome =
  | Exclude<RequestQuoteOutcome, { readonly kind: 'requested' }>
  | {
      readonly kind: 'compared';
      readonly rfq: Rfq;
      readonly comparison: Comparison;
      readonly replayed: boolean;
    };

/** The dependencies of comparing. */
export interface CompareExecutionPorts extends RequestQuotePorts {
  readonly comparisons: Comparisons;
  readonly newOrderId: PlaceOrderPorts['newOrderId'];
  /** Makes an id that nobody can guess. */
  readonly newComparisonTokenId: () => ComparisonTokenId;
}

/** An id for the preview; no order is ever placed with it. */
const COMPARED = trusted(parseClientOrderId, 'compared');

/**
 * Requests a firm one-way quote from the desk, and previews the same trade on the book at the same moment. A repeated
 * clientRfqId compares again, with the same request and the same token.
 * @throws UnavailableError if a part of the system does not respond; the request may have been recorded
 */
export async function compareExecution(
  ports: CompareExecutionPorts,
  access: RfqAccess,
  { quantity, ...command }: CompareExecution,
): Promise<CompareExecutionOutcome> {
  const size = { quantity, quoteQuantity: null } as const;
  const requested = await requestQuote(ports, access, { ...command, size });
  if (requested.kind !== 'requested') return requested;
  const { rfq, replayed } = requested;
  const { accountId, symbol } = rfq;
  const instrument = await ports.instruments.find(symbol);
  if (instrument === undefined)
    throw new UnavailableError('Instrument data is temporarily unavailable.', null);
  const order = {
    id: ports.newOrderId(),
    clientOrderId: COMPARED,
    terms: { orderType: 'MARKET', timeInForce: 'IOC' },
    accountId,
    placedBy: access.userId,
    symbol,
    side: command.side,
    quantity,
  } as const;
  const compared = { order, rfqId: rfq.id, tokenId: ports.newComparisonTokenId() };
  try {
    const comparison = await ports.comparisons.compare(compared, instrument);
    return { kind: 'compared', rfq, comparison, replayed };
  } catch (cause) {
    // Nothing is compared, but the request is there.
    if (cause instanceof NotOwnerError)
      return { kind: 'unknown', accountId, clientRfqId: rfq.clientRfqId };
    throw cause;
  }
}
