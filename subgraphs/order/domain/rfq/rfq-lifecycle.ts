import { invariant } from '#shared/domain/invariant.ts';
import type { RfqStatus } from './rfq.ts';

/** The events in the lifecycle of a request for quote. */
export const RFQ_LIFECYCLE_EVENTS = [
  'QUOTE',
  'STOP_QUOTING',
  'ACCEPT',
  'FILL',
  'REJECT',
  'EXPIRE',
  'CANCEL',
] as const;
/** One of {@link RFQ_LIFECYCLE_EVENTS}. */
export type RfqLifecycleEvent = (typeof RFQ_LIFECYCLE_EVENTS)[number];

type Edges = Readonly<Record<RfqLifecycleEvent, RfqStatus | null>>;

const NONE: Edges = {
  QUOTE: null,
  STOP_QUOTING: null,
  ACCEPT: null,
  FILL: null,
  REJECT: null,
  EXPIRE: null,
  CANCEL: null,
};

/** The lifecycle: status → event → the next status, or null if the event is impossible. */
export const RFQ_LIFECYCLE: Readonly<Record<RfqStatus, Edges>> = {
  OPEN: { ...NONE, QUOTE: 'QUOTED', EXPIRE: 'EXPIRED', CANCEL: 'CANCELED' },
  QUOTED: {
    ...NONE,
    QUOTE: 'QUOTED',
    STOP_QUOTING: 'OPEN',
    ACCEPT: 'ACCEPT_PENDING',
    EXPIRE: 'EXPIRED',
    CANCEL: 'CANCELED',
  },
  // The client cannot withdraw an accept; only the desk's answer follows.
  ACCEPT_PENDING: { ...NONE, FILL: 'FILLED', REJECT: 'REJECTED' },
  FILLED: NONE,
  REJECTED: NONE,
  EXPIRED: NONE,
  CANCELED: NONE,
};

/**
 * The next status.
 * @throws Error (an invariant) if the table has no such transition, which would be a bug of ours.
 */
export function rfqTransition(status: RfqStatus, event: RfqLifecycleEvent): RfqStatus {
  const next = RFQ_LIFECYCLE[status][event];
  invariant(next !== null, `a request for quote that is ${status} cannot ${event}`);
  return next;
}
