import { invariant } from '#shared/domain/invariant.ts';
import type { OrderStatus } from './order.ts';

/** Where an order stands in the table: its status, or NEW before it is stored for the first time. */
export type LifecycleStatus = 'NEW' | OrderStatus;

/** Everything that can happen to an order. The last fill is the one that leaves nothing. */
export const LIFECYCLE_EVENTS = [
  'SUBMIT',
  'DENY',
  'ACCEPT',
  'TRIGGER',
  'PART_FILL',
  'LAST_FILL',
  'CANCEL',
  'EXPIRE',
] as const;
/** One of {@link LIFECYCLE_EVENTS}. */
export type LifecycleEvent = (typeof LIFECYCLE_EVENTS)[number];

type Edges = Readonly<Record<LifecycleEvent, OrderStatus | null>>;

const NONE: Edges = {
  SUBMIT: null,
  DENY: null,
  ACCEPT: null,
  TRIGGER: null,
  PART_FILL: null,
  LAST_FILL: null,
  CANCEL: null,
  EXPIRE: null,
};
const ENDS = { LAST_FILL: 'FILLED', CANCEL: 'CANCELED', EXPIRE: 'EXPIRED' } as const;

/** The lifecycle: status → event → the next status, or null where the event is impossible. */
export const ORDER_LIFECYCLE: Readonly<Record<LifecycleStatus, Edges>> = {
  NEW: { ...NONE, SUBMIT: 'SUBMITTED', DENY: 'DENIED' },
  // Denied here only when the hold is refused. A venue may tell of a fill before the acceptance.
  SUBMITTED: {
    ...NONE,
    ...ENDS,
    DENY: 'DENIED',
    ACCEPT: 'ACCEPTED',
    PART_FILL: 'PARTIALLY_FILLED',
  },
  ACCEPTED: { ...NONE, ...ENDS, TRIGGER: 'TRIGGERED', PART_FILL: 'PARTIALLY_FILLED' },
  TRIGGERED: { ...NONE, ...ENDS, PART_FILL: 'PARTIALLY_FILLED' },
  // Triggered when the other leg of a resting order takes over what is left.
  PARTIALLY_FILLED: {
    ...NONE,
    ...ENDS,
    TRIGGER: 'PARTIALLY_FILLED',
    PART_FILL: 'PARTIALLY_FILLED',
  },
  DENIED: NONE,
  FILLED: NONE,
  CANCELED: NONE,
  EXPIRED: NONE,
};

/**
 * The status that follows.
 * @throws Error (an invariant) where the table has no such edge: it would be a bug of ours.
 */
export function transition(status: LifecycleStatus, event: LifecycleEvent): OrderStatus {
  const next = ORDER_LIFECYCLE[status][event];
  invariant(next !== null, `an order that is ${status} cannot ${event}`);
  return next;
}
