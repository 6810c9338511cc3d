import { invariant } from '#shared/domain/invariant.ts';
import type { OrderStatus } from './order.ts';

/** An order's row in the table: its status, or NEW before it is stored for the first time. */
export type LifecycleStatus = 'NEW' | OrderStatus;

/**
 * Everything that can happen to an order. The last fill is the one that leaves nothing; an amend
 * without a larger hold is made at once, any other is requested first; PREVENT is a prevented
 * self-trade.
 */
export const LIFECYCLE_EVENTS = [
  'SUBMIT',
  'DENY',
  'ACCEPT',
  'REJECT',
  'TRIGGER',
  'PART_FILL',
  'LAST_FILL',
  'PREVENT',
  'ASK_AMEND',
  'AMEND',
  'REFUSE_AMEND',
  'CANCEL',
  'EXPIRE',
] as const;
/** One of {@link LIFECYCLE_EVENTS}. */
export type LifecycleEvent = (typeof LIFECYCLE_EVENTS)[number];

/** The status that an order had before it was pending, which may have changed since. */
type Previous = 'PREVIOUS';
type Edges = Readonly<Record<LifecycleEvent, OrderStatus | Previous | null>>;

const NONE: Edges = {
  SUBMIT: null,
  DENY: null,
  ACCEPT: null,
  REJECT: null,
  TRIGGER: null,
  PART_FILL: null,
  LAST_FILL: null,
  PREVENT: null,
  ASK_AMEND: null,
  AMEND: null,
  REFUSE_AMEND: null,
  CANCEL: null,
  EXPIRE: null,
};
const ENDED = { CANCEL: 'CANCELED', EXPIRE: 'EXPIRED' } as const;
const ENDS = { ...ENDED, LAST_FILL: 'FILLED' } as const;
const OPEN = { ...ENDS, PART_FILL: 'PARTIALLY_FILLED', ASK_AMEND: 'PENDING_UPDATE' } as const;

/** The lifecycle: status → event → the next status, or null if the event is impossible. */
export const ORDER_LIFECYCLE: Readonly<Record<LifecycleStatus, Edges>> = {
  NEW: { ...NONE, SUBMIT: 'SUBMITTED', DENY: 'DENIED' },
  // Denied here if the hold is refused, or the instrument has stopped meanwhile.
  SUBMITTED: { ...NONE, ...ENDED, DENY: 'DENIED', ACCEPT: 'ACCEPTED' },
  ACCEPTED: {
    ...NONE,
    ...OPEN,
    REJECT: 'REJECTED',
    TRIGGER: 'TRIGGERED',
    PREVENT: 'ACCEPTED',
    AMEND: 'ACCEPTED',
  },
  TRIGGERED: {
    ...NONE,
    ...OPEN,
    REJECT: 'REJECTED',
    PREVENT: 'TRIGGERED',
    AMEND: 'TRIGGERED',
  },
  // Triggered when the other leg of a resting order takes over the remainder; rejected when it is post-only and has been
  // amended to a price that the market has reached meanwhile.
  PARTIALLY_FILLED: {
    ...NONE,
    ...OPEN,
    REJECT: 'REJECTED',
    TRIGGER: 'PARTIALLY_FILLED',
    PREVENT: 'PARTIALLY_FILLED',
    AMEND: 'PARTIALLY_FILLED',
  },
  // It continues meanwhile, and events change the status that it returns to.
  PENDING_UPDATE: {
    ...NONE,
    ...ENDS,
    REJECT: 'REJECTED',
    TRIGGER: 'PENDING_UPDATE',
    PART_FILL: 'PENDING_UPDATE',
    PREVENT: 'PENDING_UPDATE',
    AMEND: 'PREVIOUS',
    REFUSE_AMEND: 'PREVIOUS',
  },
  DENIED: NONE,
  REJECTED: NONE,
  FILLED: NONE,
  CANCELED: NONE,
  EXPIRED: NONE,
};

/**
 * The status that follows.
 * @throws Error (an invariant) if the table has no such edge: it would be a bug of ours
 */
export function transition(status: LifecycleStatus, event: LifecycleEvent): OrderStatus | Previous {
  const next = ORDER_LIFECYCLE[status][event];
  invariant(next !== null, `an order that is ${status} cannot ${event}`);
  return next;
}
