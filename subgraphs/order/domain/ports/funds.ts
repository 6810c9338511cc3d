import type {
  AccountId,
  AssetCode,
  FillId,
  HoldChangeId,
  HoldId,
  OrderId,
  TradeId,
} from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';

/**
 * Places a hold for an order, refused if less is free. Amounts in all commands are plain decimals
 * as text: commands wait in the outbox and travel as JSON.
 */
interface PlaceHold {
  readonly holdId: HoldId;
  readonly accountId: AccountId;
  readonly asset: AssetCode;
  readonly amount: string;
  readonly orderId: OrderId;
}

/** One side of a trade; ids are null for the house, which pays from what is free. */
export interface SettlementSide {
  readonly accountId: AccountId | null;
  readonly orderId: OrderId | null;
  readonly fillId: FillId;
  readonly holdId: HoldId | null;
  /**
   * In the quote asset: added to the cost for the buyer, deducted from the proceeds for the seller.
   */
  readonly fee: string;
  /** What the hold no longer needs because the price was better than the one held for. */
  readonly release: string;
}

/** Moves base and quote of one trade, and its fees. */
interface SettleTrade {
  readonly tradeId: TradeId;
  readonly base: AssetCode;
  readonly quote: AssetCode;
  /** In the base asset. */
  readonly quantity: string;
  /** Price × quantity, in the quote asset. */
  readonly cost: string;
  readonly buyer: SettlementSide;
  readonly seller: SettlementSide;
}

/** Grows a hold, or releases a part of it; one that has ended stays unchanged. */
interface ResizeHold {
  readonly changeId: HoldChangeId;
  readonly holdId: HoldId;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
  readonly amount: string;
}

/** Releases all that is left of a hold and ends it; voids one that was never placed. */
interface ReleaseHold {
  readonly holdId: HoldId;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
}

/** What the ledger is asked to do; each takes effect once, however often it is sent. */
export type FundsCommand =
  | { readonly placeHold: PlaceHold }
  | { readonly settleTrade: SettleTrade }
  | { readonly growHold: ResizeHold }
  | { readonly shrinkHold: ResizeHold }
  | { readonly releaseHold: ReleaseHold };

/** The outcome of one command. */
export interface FundsOutcome {
  readonly kind:
    'APPLIED' | 'INSUFFICIENT_FUNDS' | 'ACCOUNT_UNAVAILABLE' | 'ACCOUNT_CLOSED' | 'HOLD_VOID';
  /** With INSUFFICIENT_FUNDS what was free, otherwise null. */
  readonly free: Money | null;
}

/** The ledger, which the account subgraph owns. */
export interface Funds {
  /**
   * Applies commands in the given order, all or none.
   * @returns one outcome for each command, in the same order
   * @throws FundsRefusedError if none took effect because of what one of them asked; another
   *   error if no answer came: what took effect is not known, and the same can be sent again
   */
  apply(commands: readonly FundsCommand[]): Promise<readonly FundsOutcome[]>;
}

/** The ledger answered that it did nothing: the commands contradict it. */
export class FundsRefusedError extends Error {
  constructor(reason: string) {
    super(`The ledger did not apply the commands: ${reason}`);
    this.name = 'FundsRefusedError';
  }
}
