import type { AccountId, OrderId } from '#shared/domain/ids.ts';
import type { OrderSide } from './order.ts';

/**
 * An order waiting in a book, as somebody who goes through the book meets it. Prices are whole ticks
 * and quantities whole quantity steps, both safe integers (`instrument-units.ts`). It is as it was when
 * it was met; what is then done to it by `OrderBook.fill` shows in it, what happens otherwise does not.
 */
export interface RestingOrder {
  readonly orderId: OrderId;
  /** Orders of one trade group do not trade with each other. */
  readonly tradeGroupId: AccountId;
  /** Its place among all orders of its price, and the book's name for it; lower came first. */
  readonly priority: number;
  readonly side: OrderSide;
  readonly priceTicks: number;
  /** What can be traded of it at its place; at least one step while it rests. */
  readonly shownSteps: number;
  /** What an iceberg has left beside that. */
  readonly hiddenSteps: number;
  /** How much an iceberg shows again once all that it showed is traded; null shows everything. */
  readonly displaySteps: number | null;
  /** The order behind it at the same price, to be asked for before the book changes. */
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

/** All that can still be traded of a resting order. */
export function leavesOf({ shownSteps, hiddenSteps }: RestingOrder): number {
  return shownSteps + hiddenSteps;
}
