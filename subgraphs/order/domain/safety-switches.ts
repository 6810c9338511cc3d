import type { AccountId, InstrumentSymbol, UserId } from '#shared/domain/ids.ts';
import type { RecordedOrder } from './order-event.ts';
import type { OrderSide } from './order.ts';
import type { TradingControl, TradingState } from './trading-control.ts';

/** The switches over one account. */
export interface TradingControls {
  /** The strictest of them. */
  readonly effective: TradingState;
  /** The switches that have ever been set. */
  readonly controls: readonly TradingControl[];
}

/** A connection of a client that guards orders. */
export interface GuardConnection {
  /** As `connectionGuard` names it. */
  readonly connectionId: string;
  /** How long it is connected without another report; null releases it, and its orders stay. */
  readonly lifeMs: number | null;
  /** The connection whose orders it guards from now on; none if omitted. */
  readonly takeOver?: {
    /** As `connectionGuard` names it. */
    readonly connectionId: string;
    /** The user of both. */
    readonly userId: UserId;
    /** Only orders of these accounts. */
    readonly accountIds: readonly AccountId[];
  };
}

/**
 * What cancels many orders at once or keeps new ones out. Every answer is stored before it is
 * given; each method throws UnavailableError if that is not known.
 */
export interface SafetySwitches {
  /** Cancels all orders that are not closed, of an account and, unless null, an instrument or side. */
  cancelAll(filter: {
    readonly accountId: AccountId;
    readonly symbol: InstrumentSymbol | null;
    readonly side: OrderSide | null;
  }): Promise<readonly RecordedOrder[]>;
  /**
   * Sets a switch; HALTED cancels all orders under it, in as many transactions as it takes, with no
   * command between.
   */
  setTradingState(control: Omit<TradingControl, 'changedAt'>): Promise<{
    readonly control: TradingControl;
    readonly canceled: readonly RecordedOrder[];
  }>;
  /** Sets the dead man's switch again, or off with 0. Times are milliseconds since the epoch. */
  cancelAllAfter(
    accountId: AccountId,
    timeoutMs: number,
  ): Promise<{ readonly firesAt: number | null; readonly now: number }>;
  /**
   * Keeps connections that guard orders for a time each, or releases them. One that is not reported
   * again in time is lost, and its orders are canceled, unless another one has taken them over.
   * @returns whether it was done; nothing is if a user has taken over too many in too short a time
   */
  guardConnections(connections: readonly GuardConnection[]): Promise<boolean>;
  /** The switches over an account. */
  tradingControls(accountId: AccountId): Promise<TradingControls>;
  /** When the dead man's switch fires, milliseconds since the epoch; null while it is off. */
  cancelTimer(accountId: AccountId): Promise<number | null>;
}
