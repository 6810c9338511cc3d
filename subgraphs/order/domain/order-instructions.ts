import type { Money } from '#shared/domain/money.ts';
import { formatQuantity, type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import { divideUp } from '#shared/domain/decimal.ts';
import { nearestQuantity, smallestQuantity } from './nearest-valid.ts';
import { denial, type OrderDenial } from './order-denial.ts';
import type { OrderRule } from './order-rule.ts';
import { lifeOf } from './order-life.ts';

/** Whether an order may take: OFF it may; else it is refused or moved to one tick from the touch. */
export type PostOnly = 'OFF' | 'REJECT' | 'REPRICE';
/** Who gives way when an order meets one of its own trade group; the incoming order's mode decides. */
export type SelfTradePreventionMode = 'CANCEL_TAKER' | 'CANCEL_MAKER' | 'CANCEL_BOTH' | 'DECREMENT';

/** How an order is to be matched, beyond its terms. */
export interface OrderInstructions {
  readonly postOnly: PostOnly;
  /** Base units that an iceberg shows at a time; null shows everything. */
  readonly displayQuantity: Quantity | null;
  /**
   * In the quote asset, of a MARKET order that is ordered so: what a BUY may cost, its fees included,
   * or what a SELL is to bring, before its fees. Null if base units are ordered.
   */
  readonly quoteQuantity: Money | null;
  readonly selfTradePrevention: SelfTradePreventionMode;
  /** The connection, as `connectionGuard` names it, whose loss takes the order off; null for an order that outlives it. */
  readonly guardConnectionId: string | null;
}

/** Those of an order that says nothing. */
export const NO_INSTRUCTIONS: OrderInstructions = {
  postOnly: 'OFF',
  displayQuantity: null,
  quoteQuantity: null,
  selfTradePrevention: 'CANCEL_TAKER',
  guardConnectionId: null,
};

/** An iceberg shows at least this part of itself, so that it is not a whole order behind a crumb. */
const LEAST_DISPLAYED = 15n;

/** INVALID_COMBINATION: only what may rest can be post-only or hide, and only MARKET is by quote. */
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

/** QUANTITY_ reasons for what an iceberg shows. */
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
