import type { Instrument } from '#shared/domain/instrument.ts';
import type { AccountId, InstrumentSymbol, OrderId, UserId } from '#shared/domain/ids.ts';
import type { RecordedFill, RecordedOrder } from '../order-event.ts';
import type { OrderAmend, OrderChanges } from '../order-amend.ts';
import type { OrderViolations } from '../rules/order-denial.ts';
import type { OrderPreview } from '../order-preview.ts';
import type { NewOrder } from '../order-progress.ts';
import type { AccountStanding } from '../use-cases/read-trading-limits.ts';

/** An order that is no longer SUBMITTED, and what it traded in the turn that decided it. */
export interface DecidedOrder {
  readonly order: RecordedOrder;
  readonly fills: readonly RecordedFill[];
}

/** A new order, recorded as SUBMITTED or DENIED. */
export interface SubmittedOrder {
  readonly order: RecordedOrder;
  /** See {@link OrderJournal.decided}; null at once for a denied order. */
  readonly decided: Promise<DecidedOrder | null>;
}

/** The outcome of a change of an order. */
export type AmendedOrder =
  | {
      readonly kind: 'amended';
      /** As it is now; the change may have let it trade. */
      readonly order: RecordedOrder;
      readonly amend: OrderAmend;
      readonly replayed: boolean;
    }
  | {
      readonly kind: 'denied';
      readonly order: RecordedOrder;
      readonly violations: OrderViolations;
    }
  | { readonly kind: 'versionConflict'; readonly order: RecordedOrder }
  /** Another change of the order has this id. */
  | {
      readonly kind: 'amendIdConflict';
      readonly order: RecordedOrder;
      readonly differingFields: readonly string[];
    }
  | { readonly kind: 'notAmendable'; readonly order: RecordedOrder };

/** What the use cases ask of the journal. Every answer is stored before it is given. */
export interface OrderJournal {
  /**
   * Records a new order as SUBMITTED, and begins to hold its funds, or as DENIED.
   * @throws UnavailableError if it is not known to be recorded
   */
  submit(order: NewOrder, instrument: Instrument | null): Promise<SubmittedOrder>;
  /**
   * What {@link OrderJournal.submit} and the market would make of an order now; nothing changes.
   * @throws UnavailableError if the journal has no state to look at, TooManyPreviewsError if many of the user wait
   */
  preview(order: NewOrder, instrument: Instrument | null): Promise<OrderPreview>;
  /**
   * Waits until an order is no longer SUBMITTED, however long that takes.
   * @returns null if it is not SUBMITTED now: the store has it
   */
  decided(orderId: OrderId): Promise<DecidedOrder | null>;
  /**
   * Changes an open order. @returns null if it is closed already
   * @throws UnavailableError if that is not known to be recorded
   */
  amend(
    orderId: OrderId,
    command: {
      readonly amendId: string;
      readonly expectedVersion: number | null;
      /** Milliseconds since the epoch. */
      readonly validUntil?: number | null;
      readonly changes: OrderChanges;
      /** The user who asks; null if that is not a user. */
      readonly askedBy: UserId | null;
    },
    instrument: Instrument,
  ): Promise<AmendedOrder | null>;
  /**
   * Cancels an order.
   * @returns null if it is closed already
   * @throws UnavailableError if that is not known to be recorded
   */
  cancel(orderId: OrderId): Promise<RecordedOrder | null>;
  /**
   * An account's state in an instrument now; nothing changes.
   * @throws UnavailableError if the journal has no state to read
   */
  standing(accountId: AccountId, symbol: InstrumentSymbol): Promise<AccountStanding>;
}

/** Orders as they are stored now. */
export interface OrderLookup {
  byId(orderId: OrderId): Promise<RecordedOrder | null>;
  byClientOrderId(key: ClientOrderKey): Promise<RecordedOrder | null>;
}

/** The client's name for an order. */
export type ClientOrderKey = Pick<RecordedOrder, 'accountId' | 'clientOrderId'>;
