import type { GatewayContext } from '../gateway-context.ts';

/** On the context itself: what a WeakMap holds outlives its key by several collections. */
const COST = Symbol('cost');

interface ChargedContext extends GatewayContext {
  [COST]?: number;
}

/** Notes what the answer of an operation was charged, for what runs it. */
export function noteAnswerCost(context: ChargedContext, cost: number): void {
  context[COST] = cost;
}

/** What its answer was charged; 0 if nobody has charged it, as an event of a stream. */
export function answerCostOf(context: ChargedContext): number {
  return context[COST] ?? 0;
}
