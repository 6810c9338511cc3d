import { type ComparisonTokenId, parseClientOrderId, trusted } from '#shared/domain/ids.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { OrderSide } from '../order.ts';
import type { PlaceOrderPorts } from '../place-order.ts';
import { UnavailableError } from '../unavailable-error.ts';
import type { Comparison, Comparisons } from './comparison.ts';
import {
  requestQuote,
  type RequestQuote,
  type RequestQuoteOutcome,
  type RequestQuotePorts,
} from './request-quote.ts';
import type { RfqAccess } from './rfq-access.ts';
import type { Rfq } from './rfq.ts';

/** What is to be executed one way or the other, as it came. */
export interface CompareExecution extends Pick<
  RequestQuote,
  'accountId' | 'symbol' | 'clientRfqId'
> {
  readonly side: OrderSide;
  readonly quantity: Quantity;
}

/** The one answer to a comparison: what asking for the quote alone may answer, or both ways. */
export type CompareExecutionOutcome =
  | Exclude<RequestQuoteOutcome, { readonly kind: 'requested' }>
  | {
      readonly kind: 'compared';
      readonly rfq: Rfq;
      readonly comparison: Comparison;
      readonly replayed: boolean;
    };

/** What comparing stands on. */
export interface CompareExecutionPorts extends RequestQuotePorts {
  readonly comparisons: Comparisons;
  readonly newOrderId: PlaceOrderPorts['newOrderId'];
  /** Cannot be guessed. */
  readonly newComparisonTokenId: () => ComparisonTokenId;
}

/** No order is placed under it. */
const COMPARED = trusted(parseClientOrderId, 'compared');

/**
 * Asks the desk for a firm one-way quote, and says what the book would make of the same at the same moment. The same
 * clientRfqId again compares again, with the same request and the same token.
 * @throws UnavailableError if a part of the system does not answer; the request may have been made
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
    symbol,
    side: command.side,
    quantity,
  } as const;
  const comparison = await ports.comparisons.compare(
    { order, rfqId: rfq.id, tokenId: ports.newComparisonTokenId() },
    instrument,
  );
  return { kind: 'compared', rfq, comparison, replayed };
}
