import type { OrderEventType } from '../subgraphs/order/domain/order-event.ts';

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
