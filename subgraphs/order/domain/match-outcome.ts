import type { RestingOrder } from './resting-order.ts';
import type { SelfTradePreventionMode } from './order-instructions.ts';
import type { ExpireReason } from './order.ts';

/** One trade, at the maker's price. */
interface Match {
  readonly kind: 'match';
  /** Who waited: a client's order, or the house, which is null. */
  readonly maker: RestingOrder | null;
  readonly priceTicks: number;
  readonly quantitySteps: number;
}

/** A trade that did not happen, for both orders are of one trade group. */
interface Prevention {
  readonly kind: 'prevention';
  readonly maker: RestingOrder;
  readonly mode: SelfTradePreventionMode;
  readonly priceTicks: number;
  /** What the incoming order lost by it. */
  readonly takerSteps: number;
  /** What the resting order lost by it; all it has means that it is canceled. */
  readonly makerSteps: number;
}

/** One thing that an incoming order does. */
export type MatchStep = Match | Prevention;

/** What becomes of the quantity that found no maker. */
export type Residual =
  | { readonly kind: 'none' }
  | { readonly kind: 'rests'; readonly priceTicks: number; readonly quantitySteps: number }
  | {
      readonly kind: 'expires';
      readonly quantitySteps: number;
      readonly expireReason: ExpireReason;
    }
  /** There is more to take than it may take at once; until it goes on, nothing else may change the book. */
  | { readonly kind: 'goesOn'; readonly quantitySteps: number }
  /** Self-trade prevention took the rest of it; the last step says how much. */
  | { readonly kind: 'prevented' }
  /** Post-only, and it would have taken: at the best price of the other side. */
  | { readonly kind: 'rejected'; readonly touchTicks: number };

/** All that an incoming order does, in the order in which it happens; makers as they rest before it. */
export interface MatchOutcome {
  readonly steps: readonly MatchStep[];
  readonly residual: Residual;
}
