import type { RestingOrder } from './resting-order.ts';
import type { SelfTradePreventionMode } from '../order-instructions.ts';
import type { ExpireReason } from '../order.ts';

/** One trade, at the maker's price. */
interface Match {
  readonly kind: 'match';
  /** The maker: a client's order, or null for the house. */
  readonly maker: RestingOrder | null;
  readonly priceTicks: number;
  readonly quantitySteps: number;
}

/** A prevented trade, because both orders are of one account or of one user. */
interface Prevention {
  readonly kind: 'prevention';
  readonly maker: RestingOrder;
  readonly mode: SelfTradePreventionMode;
  readonly priceTicks: number;
  /** The quantity that the incoming order lost. */
  readonly takerSteps: number;
  /** The quantity that the resting order lost; if it is all of it, the order is canceled. */
  readonly makerSteps: number;
}

/** One step of an incoming order. */
export type MatchStep = Match | Prevention;

/** What happens to the quantity without a maker. */
export type Residual =
  | { readonly kind: 'none' }
  | { readonly kind: 'rests'; readonly priceTicks: number; readonly quantitySteps: number }
  | {
      readonly kind: 'expires';
      readonly quantitySteps: number;
      readonly expireReason: ExpireReason;
    }
  /**
   * There is more to take than is permitted at once; until it continues, nothing else can change
   * the book.
   */
  | { readonly kind: 'goesOn'; readonly quantitySteps: number }
  /** Self-trade prevention took the rest; the last step says how much. */
  | { readonly kind: 'prevented' }
  /** Post-only, and it would have taken at this best price of the other side. */
  | { readonly kind: 'rejected'; readonly touchTicks: number };

/** All that an incoming order does, in order; makers as they rest before it. */
export interface MatchOutcome {
  readonly steps: readonly MatchStep[];
  readonly residual: Residual;
}
