import type { BookLevel, RestingOrder } from './resting-order.ts';

/** Visits the orders of a level. */
export interface LevelVisitor {
  /**
   * Meets the shown part of an order, or the next part that an iceberg shows.
   * @param isAgain whether it is an iceberg that was met before
   * @returns how much of it is taken; an order that is passed over counts as `skipped`
   */
  meet(order: RestingOrder, shownSteps: number, isAgain: boolean): number | 'skipped';
  /** Whether the visitor wants no more. */
  readonly isDone: boolean;
  /** Whether the visitor can meet no more orders, except those that it has met before. */
  readonly isFull: boolean;
}

/** An iceberg that has traded all it showed, and what it has left. */
interface Refill {
  readonly order: RestingOrder;
  readonly hiddenSteps: number;
}

/**
 * Walks a level in the order in which its orders trade: the oldest first, and an iceberg again after
 * all others each time it shows its next part. Changes nothing.
 * @returns whether the walk went as far as the visitor wants, and not only as far as it could
 */
export function walkLevel(level: BookLevel, visitor: LevelVisitor): boolean {
  let refills: Refill[] | null = null;
  for (let order: RestingOrder | null = level.oldest; order !== null; order = order.younger) {
    if (visitor.isDone) return true;
    if (visitor.isFull) return false;
    const { shownSteps, hiddenSteps } = order;
    const taken = visitor.meet(order, shownSteps, false);
    if (hiddenSteps > 0 && taken === shownSteps) (refills ??= []).push({ order, hiddenSteps });
  }
  if (refills !== null) walkRefills(refills, visitor);
  return true;
}

function walkRefills(refills: Refill[], visitor: LevelVisitor): void {
  for (const { order, hiddenSteps } of refills) {
    if (visitor.isDone) return;
    const shownSteps = Math.min(order.displaySteps ?? hiddenSteps, hiddenSteps);
    const taken = visitor.meet(order, shownSteps, true);
    const rest = hiddenSteps - shownSteps;
    // The list grows during the walk: it is the queue of icebergs after the level.
    if (taken === shownSteps && rest > 0) refills.push({ order, hiddenSteps: rest });
  }
}
