import type { RfqId } from '#shared/domain/ids.ts';
import type { RfqQuote } from './rfq-quote.ts';
import type { RfqStatus } from './rfq.ts';
import type { Settlement } from './settlement.ts';

/** The events of a request for quote that clients receive. */
export type RfqEventType =
  | 'REQUESTED'
  | 'QUOTED'
  | 'QUOTE_WITHDRAWN'
  | 'NOT_QUOTING'
  | 'TAKEN_OVER'
  | 'ACCEPT_PENDING'
  | 'FILLED'
  | 'REJECTED'
  | 'EXPIRED'
  | 'CANCELED'
  | 'SETTLEMENT_CHANGED';

/** One event of one request for quote. */
export interface RfqEvent {
  readonly rfqId: RfqId;
  readonly type: RfqEventType;
  /** The request's status right after this event. */
  readonly status: RfqStatus;
  /** For QUOTED and QUOTE_WITHDRAWN; null otherwise. */
  readonly quote: RfqQuote | null;
  /** For FILLED and SETTLEMENT_CHANGED; null otherwise. */
  readonly settlement: Settlement | null;
  /** Dense per request, from 1. */
  readonly sequence: bigint;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Whether nothing can follow: closed, and settled if it traded. */
export function isLastEvent({ status, settlement }: RfqEvent): boolean {
  if (status === 'FILLED') return settlement?.state.status === 'SETTLED';
  return status === 'REJECTED' || status === 'EXPIRED' || status === 'CANCELED';
}
