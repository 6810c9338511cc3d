import type { AccountId } from '#shared/domain/ids.ts';
import type { RecordedFill, RecordedOrder } from './order-event.ts';

/** An account's open and in-flight orders and its last fills, newest first. */
export interface OrderSnapshot {
  readonly accountId: AccountId;
  readonly openOrders: readonly RecordedOrder[];
  readonly fills: readonly RecordedFill[];
}

/** An event in the JSON that is also on the bus. */
export interface StoredOrderEvent {
  readonly sequence: bigint;
  readonly event: unknown;
}

/** The stored events of each account's orders. */
export interface OrderEvents {
  /** The account's state and the sequence of its last event, both of one moment. */
  snapshot(
    accountId: AccountId,
  ): Promise<{ readonly sequence: bigint; readonly snapshot: OrderSnapshot }>;
  /** Events after this sequence, oldest first, at most `limit`. */
  readEvents(
    accountId: AccountId,
    afterSequence: bigint,
    limit: number,
  ): Promise<readonly StoredOrderEvent[]>;
  /** 0 before the first event. */
  lastSequence(accountId: AccountId): Promise<bigint>;
}
