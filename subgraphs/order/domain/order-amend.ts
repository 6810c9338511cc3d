import { formatMoney } from '#shared/domain/money.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import { formatQuantity, type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import { holdAmount, quantityWithin } from './hold-amount.ts';
import { denial, type OrderDenial } from './order-denial.ts';
import { lifeOf } from './order-life.ts';
import { isWaiting, limitPriceOf, type OpenOrder, type OrderTerms } from './order.ts';

/** How many changes one order takes. */
export const MAX_AMENDS_PER_ORDER = 100;

/** What of an order can be changed; null where the order has no such thing. */
export interface AmendableValues {
  /** The whole quantity, not the rest. */
  readonly quantity: Quantity;
  readonly limitPrice: Price | null;
  readonly triggerPrice: Price | null;
  /** Milliseconds since the epoch. */
  readonly expireAt: number | null;
}

/** What a client asks to change; what is left out stays. */
export type OrderChanges = {
  readonly [Name in keyof AmendableValues]?: NonNullable<AmendableValues[Name]>;
};

/** One change that was made, in the order's list of them. */
export interface OrderAmend {
  /** The client's id for it, unique within the order. */
  readonly amendId: string;
  readonly before: AmendableValues;
  readonly after: AmendableValues;
  /** Whether the order kept its place in the book. */
  readonly priorityKept: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The values of an order as they are now. */
export function amendableValues(
  order: Pick<OpenOrder, 'quantity' | 'terms' | 'trigger' | 'expireAt'>,
): AmendableValues {
  const { quantity, terms, trigger, expireAt } = order;
  const triggerPrice = trigger?.trailing === null ? trigger.triggerPrice : null;
  return { quantity, limitPrice: limitPriceOf(terms), triggerPrice, expireAt };
}

/** An open order with other values; its hold and its place are as they were. */
export function withChanges(order: OpenOrder, changes: OrderChanges): OpenOrder {
  const { quantity, limitPrice, triggerPrice, expireAt } = changes;
  const { terms, trigger } = order;
  const changedTerms: OrderTerms =
    terms.orderType === 'LIMIT' && limitPrice !== undefined ? { ...terms, limitPrice } : terms;
  return {
    ...order,
    quantity: quantity ?? order.quantity,
    terms: changedTerms,
    trigger:
      trigger === null || triggerPrice === undefined ? trigger : { ...trigger, triggerPrice },
    expireAt: expireAt ?? order.expireAt,
  };
}

/** INVALID_COMBINATION: a change of something that the order does not have, or no longer. */
export function unchangeable(order: OpenOrder, changes: OrderChanges): OrderDenial | null {
  const refuse = (rule: string, message: string) =>
    denial('INVALID_COMBINATION', message, { rule });
  if (Object.keys(changes).length === 0) return refuse('changes', 'Nothing is to be changed.');
  if (changes.limitPrice !== undefined && order.terms.orderType !== 'LIMIT')
    return refuse('limitPrice', 'The order has no limit price.');
  const canMove = isWaiting(order) && order.trigger?.trailing === null;
  if (changes.triggerPrice !== undefined && !canMove)
    return refuse('triggerPrice', 'The order has no trigger price that it waits for.');
  if (changes.expireAt !== undefined && lifeOf(order) !== 'GTD')
    return refuse('expireAt', 'Only a GTD order has an expiry of its own.');
  return null;
}

/** Whether an order keeps its place in the book: when nothing changes but a smaller quantity. */
export function keepsPriority(before: AmendableValues, after: AmendableValues): boolean {
  return before.limitPrice === after.limitPrice && after.quantity <= before.quantity;
}

/**
 * NOTIONAL_EXCEEDS_FREE_BALANCE: a changed order needs more than is held for it. What it needs more
 * would have to be held before the book may see it, so an order grows no further than its hold.
 */
export function holdIsEnough(
  changed: OpenOrder,
  worstPrice: Price,
  instrument: Instrument,
): OrderDenial | null {
  const { side, hold, quantity, filledQuantity } = changed;
  const rates = { ...hold, quoteScale: instrument.quoteScale };
  const leaves = quantityOfUnits(quantity - filledQuantity);
  const needed = holdAmount(side, worstPrice, leaves, rates);
  if (needed <= hold.remaining) return null;
  const scale = side === 'BUY' ? instrument.quoteScale : instrument.quantityScale;
  const [limit, actual] = [formatMoney(hold.remaining, scale), formatMoney(needed, scale)];
  const step = instrument.quantityStep;
  const affordable = quantityWithin(side, worstPrice, hold.remaining, step, rates);
  const nearest = quantityOfUnits(filledQuantity + affordable);
  const message = `The order would need ${actual} ${hold.asset}, and ${limit} is held for it.`;
  return denial('NOTIONAL_EXCEEDS_FREE_BALANCE', message, {
    rule: 'hold',
    limit,
    actual,
    nearestValid: affordable === 0n ? null : formatQuantity(nearest, instrument.quantityScale),
  });
}
