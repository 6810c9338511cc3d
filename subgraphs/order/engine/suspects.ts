import type { OrderId, RfqId } from '#shared/domain/ids.ts';

/** What the journal continues by itself, and sets aside if that cannot be recorded. */
export interface Suspects {
  readonly orderIds: readonly OrderId[];
  /** Requests for quote that wait for quotes or for an accept. */
  readonly rfqIds: readonly RfqId[];
}

/** Nothing: a command is at fault. */
export const NO_SUSPECTS: Suspects = { orderIds: [], rfqIds: [] };
