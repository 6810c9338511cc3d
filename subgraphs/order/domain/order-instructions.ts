import type { Money } from '#shared/domain/money.ts';
import { formatQuantity, type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import { divideUp } from '#shared/domain/decimal.ts';
import { nearestQuantity, smallestQuantity } from './rules/nearest-valid.ts';
import { denial, type OrderDenial } from './rules/order-denial.ts';
import type { OrderRule } from './rules/order-rule.ts';
import { lifeOf } from './order-life.ts';

/**
 * Whether an order can take: OFF permits it; otherwise it is rejected or moved to one tick from the
 * touch.
 */
export type PostOnly = 'OFF' | 'REJECT' | 'REPRICE';
/**
 * Which order gives way when it meets one of its own account; the incoming order's mode decides.
 * Between two accounts of one user it is the incoming order.
 */
export type SelfTradePreventionMode = 'CANCEL_TAKER' | 'CANCEL_MAKER' | 'CANCEL_BOTH' | 'DECREMENT';

/** How an order is matched, beyond its terms. */
export interface OrderInstructions {
  readonly postOnly: PostOnly;
  /** Base units that an iceberg shows at a time; null shows everything. */
  readonly displayQuantity: Quantity | null;
  /**
   * For a MARKET order by quote quantity, in the quote asset: what a BUY can cost, including fees,
   * or what a SELL is to bring, before fees. Null if base units are ordered.
   */
  readonly quoteQuantity: Money | null;
  readonly selfTradePrevention: SelfTradePreventionMode;
  /**
   * The connection, as `connectionGuard` names it, whose loss cancels the order; null for an order
   * that outlives it.
   */
  readonly guardConnectionId: string | null;
  /**
   * Until when the order can reach the book, milliseconds since the epoch; null for any time, and
   * once the book has it.
   */
  readonly validUntil: number | null;
}

/** The instructions of an order that gives none. */
export const NO_INSTRUCTIONS: OrderInstructions = {
  postOnly: 'OFF',
  displayQuantity: null,
  quoteQuantity: null,
  selfTradePrevention: 'CANCEL_TAKER',
  guardConnectionId: null,
  validUntil: null,
};

/** An iceberg shows at least this part of itself, so that it does not hide behind a crumb. */
const LEAST_DISPLAYED = 15n;

/**
 * INVALID_COMBINATION: only an order that can rest can be post-only or an iceberg, and only MARKET
 * is by quote.
 */
export const instructionsGoTogether: OrderRule = ({
  instructions = NO_INSTRUCTIONS,
  terms,
  trigger = null,
}) => {
  const refuse = (rule: string, message: string) =>
    denial('INVALID_COMBINATION', message, { rule });
  const { postOnly, displayQuantity, quoteQuantity } = instructions;
  const life = lifeOf({ terms, trigger });
  const mayRest = terms.orderType === 'LIMIT' && life !== 'IOC' && life !== 'FOK';
  if (postOnly !== 'OFF' && !mayRest)
    return refuse('postOnly', 'Only an order that can rest can be post-only.');
  if (displayQuantity !== null && !mayRest)
    return refuse('displayQuantity', 'Only an order that can rest can be an iceberg.');
  if (quoteQuantity !== null && (terms.orderType !== 'MARKET' || trigger !== null))
    return refuse('quoteQuantity', 'Only a MARKET order can be placed by quoteQuantity.');
  return null;
};

/** The QUANTITY_ reasons for what an iceberg shows. */
export const displayQuantityIsValid: OrderRule = (
  { instructions = NO_INSTRUCTIONS, quantity },
  { instrument },
) => {
  const { displayQuantity } = instructions;
  if (displayQuantity === null) return null;
  const { quantityStep } = instrument;
  const share = quantityOfUnits(divideUp(quantity, LEAST_DISPLAYED * quantityStep) * quantityStep);
  const least = share > smallestQuantity(instrument) ? share : smallestQuantity(instrument);
  const refuse = (reason: OrderDenial['reason'], says: string, limit: Quantity) => {
    const [text, actual] = [limit, displayQuantity].map((one) =>
      formatQuantity(one, instrument.quantityScale),
    ) as [string, string];
    const clamped = displayQuantity > quantity ? quantity : displayQuantity;
    const nearest = nearestQuantity(clamped < least ? least : clamped, instrument);
    return denial(reason, `The displayQuantity ${actual} ${says} ${text}.`, {
      rule: 'displayQuantity',
      limit: text,
      actual,
      nearestValid:
        nearest === null || nearest > quantity
          ? null
          : formatQuantity(nearest, instrument.quantityScale),
    });
  };
  if (displayQuantity % quantityStep !== 0n)
    return refuse('QUANTITY_OFF_STEP', 'is not a multiple of', quantityStep);
  if (displayQuantity < least)
    return refuse('QUANTITY_BELOW_MINIMUM', 'is below the minimum of', least);
  if (displayQuantity > quantity)
    return refuse('QUANTITY_EXCEEDS_MAXIMUM', 'exceeds the quantity of', quantity);
  return null;
};
