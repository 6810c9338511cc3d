import type { OrderEventType } from '../../subgraphs/order/domain/order-event.ts';
import type { RfqEventType } from '../../subgraphs/order/domain/rfq/rfq-event.ts';

/** Events of an order that the order store may be unable to take. */
export const REFUSABLE_EVENTS = [
  'ACCEPTED',
  'DENIED',
  'FILL',
  'TRIGGERED',
  'AMENDED',
  'AMEND_REQUESTED',
  'AMEND_REJECTED',
  'SELF_TRADE_PREVENTED',
  'CANCELED',
  'EXPIRED',
] as const satisfies readonly OrderEventType[];
/** One of {@link REFUSABLE_EVENTS}. */
export type RefusableEvent = (typeof REFUSABLE_EVENTS)[number];

/** Events of a request for quote that the order store may be unable to take. */
export const REFUSABLE_RFQ_EVENTS = [
  'QUOTED',
  'QUOTE_WITHDRAWN',
  'NOT_QUOTING',
  'TAKEN_OVER',
  'ACCEPT_PENDING',
  'FILLED',
  'REJECTED',
  'EXPIRED',
  'CANCELED',
] as const satisfies readonly RfqEventType[];
/** One of {@link REFUSABLE_RFQ_EVENTS}. */
export type RefusableRfqEvent = (typeof REFUSABLE_RFQ_EVENTS)[number];
