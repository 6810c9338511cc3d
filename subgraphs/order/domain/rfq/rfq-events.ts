import type { RfqId } from '#shared/domain/ids.ts';
import type { RfqQuote } from './rfq-quote.ts';
import type { Rfq } from './rfq.ts';
import type { Settlement } from './settlement.ts';

/** The current request, with the quotes that can still be accepted, newest first. */
export interface RfqSnapshot {
  readonly rfq: Rfq;
  readonly quotes: readonly RfqQuote[];
  readonly settlement: Settlement | null;
}

/** The stored events of each request. */
export interface RfqEvents {
  /**
   * The request and the sequence of its last event, both from the same moment.
   * @param nowMs decides which quotes can still be accepted, milliseconds since the epoch
   */
  snapshot(
    rfqId: RfqId,
    nowMs: number,
  ): Promise<{ readonly sequence: bigint; readonly snapshot: RfqSnapshot }>;
  /** Events after this sequence, oldest first, at most `limit`. */
  readEvents(
    rfqId: RfqId,
    afterSequence: bigint,
    limit: number,
  ): Promise<readonly { readonly sequence: bigint; readonly event: unknown }[]>;
  /** 0 before the first event. */
  lastSequence(rfqId: RfqId): Promise<bigint>;
}
