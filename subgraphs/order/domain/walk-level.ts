import type { BookLevel, RestingOrder } from './resting-order.ts';

/** Whoever goes through the orders of a level. */
export interface LevelVisitor {
  /**
   * Meets what an order shows: as it rests, or for an iceberg met again what it shows anew.
   * @returns how much of it is taken; an order that is left out altogether counts as `skipped`
   */
  meet(order: RestingOrder, shownSteps: number): number | 'skipped';
  /** Whether it wants no more. */
  readonly isDone: boolean;
}

/** An iceberg that has traded all it showed, and what it has left. */
interface Refill {
  readonly order: RestingOrder;
  readonly hiddenSteps: number;
}

/**
 * Goes through a level in the order in which its orders trade: the oldest first, and icebergs once
 * more each time they show anew, behind all others. It changes nothing.
 */
export function walkLevel(level: BookLevel, visitor: LevelVisitor): void {
  let refills: Refill[] | null = null;
  for (let order: RestingOrder | null = level.oldest; order !== null; order = order.younger) {
    if (visitor.isDone) return;
    const { shownSteps, hiddenSteps } = order;
    const taken = visitor.meet(order, shownSteps);
    if (hiddenSteps > 0 && taken === shownSteps) (refills ??= []).push({ order, hiddenSteps });
  }
  if (refills !== null) walkRefills(refills, visitor);
}

function walkRefills(refills: Refill[], visitor: LevelVisitor): void {
  for (const { order, hiddenSteps } of refills) {
    if (visitor.isDone) return;
    const shownSteps = Math.min(order.displaySteps ?? hiddenSteps, hiddenSteps);
    const taken = visitor.meet(order, shownSteps);
    const rest = hiddenSteps - shownSteps;
    // The list grows while it is gone through: that is the queue behind the level.
    if (taken === shownSteps && rest > 0) refills.push({ order, hiddenSteps: rest });
  }
}
