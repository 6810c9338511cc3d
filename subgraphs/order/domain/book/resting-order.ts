import type { AccountId, OrderId, UserId } from '#shared/domain/ids.ts';
import type { OrderSide } from '../order.ts';

/**
 * A resting order, as met by a walk through the book. Prices are whole ticks and quantities whole
 * quantity steps, both safe integers (`instrument-units.ts`). It shows the state in which it was
 * met and what `OrderBook.fill` then does to it, but no other changes.
 */
export interface RestingOrder {
  readonly orderId: OrderId;
  /** Orders of one account do not trade with each other, nor do orders that one user placed. */
  readonly accountId: AccountId;
  /** Null if it is not known. */
  readonly placedBy: UserId | null;
  /**
   * Its place among all orders of its price, and the book's name for it; the lower one came first.
   */
  readonly priority: number;
  readonly side: OrderSide;
  readonly priceTicks: number;
  /** The quantity that can trade at its place; at least one step while it rests. */
  readonly shownSteps: number;
  /** The further quantity of an iceberg. */
  readonly hiddenSteps: number;
  /**
   * How much an iceberg shows again once everything it showed has traded; null shows everything.
   */
  readonly displaySteps: number | null;
  /** The order after it at the same price; read it before the book changes. */
  readonly younger: RestingOrder | null;
}

/** All orders of one side at one price, oldest first; never empty. */
export interface BookLevel {
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly oldest: RestingOrder;
  /** The next level away from the other side. */
  readonly worse: BookLevel | null;
}

/** An order to put in a book. */
export type NewRestingOrder = Omit<RestingOrder, 'younger'>;

/** Everything of a resting order that can still trade. */
export function leavesOf({ shownSteps, hiddenSteps }: RestingOrder): number {
  return shownSteps + hiddenSteps;
}
