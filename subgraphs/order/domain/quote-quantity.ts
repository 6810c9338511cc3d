import { divideDown, divideUp, ONE, stepOfScale } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { formatMoney, type Money, moneyOfUnits, ZERO_MONEY } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits, ZERO_QUANTITY } from '#shared/domain/quantity.ts';
import type { Execution } from './ports/execution-venue.ts';
import { feeAtWorst, type FeeRates } from './fees.ts';
import { holdFor, type HoldRules } from './hold-amount.ts';
import { smallestQuantity } from './rules/nearest-valid.ts';
import { denial, type OrderDenial } from './rules/order-denial.ts';
import {
  type OrderRequest,
  type SizeRule,
  valuationPrice,
  worstPriceOf,
} from './rules/order-rule.ts';
import type { Order, OrderHold, OrderSide } from './order.ts';

// A MARKET order by quote quantity states what it can cost, or is to bring. Its base units are
// known only when it meets the book: until then its quantity is what that is worth at the worst
// price.

/** Whether an order is by quote quantity. */
export function isByQuote({ instructions }: Pick<OrderRequest, 'instructions'>): boolean {
  return instructions !== undefined && instructions.quoteQuantity !== null;
}

/**
 * The part of a quote quantity that goes to trades: a BUY pays its fees out of it, at worst these.
 */
function tradableQuote(
  side: OrderSide,
  quoteQuantity: Money,
  rates: FeeRates,
  quoteScale: number,
): Money {
  if (side === 'SELL') return quoteQuantity;
  const { makerFeeRate, takerFeeRate } = rates;
  const rate = makerFeeRate > takerFeeRate ? makerFeeRate : takerFeeRate;
  const step = stepOfScale(quoteScale);
  let cost = (divideDown(quoteQuantity * ONE, ONE + rate) / step) * step;
  while (cost > 0n && cost + feeAtWorst(moneyOfUnits(cost), rates, quoteScale) > quoteQuantity)
    cost -= step;
  return moneyOfUnits(cost);
}

/** The base units, in whole steps, that a quote quantity is worth at a price. */
export function quantityWorth(
  side: OrderSide,
  quoteQuantity: Money,
  price: Price,
  instrument: Instrument,
): Quantity {
  const { quoteScale, quantityStep } = instrument;
  const tradable = tradableQuote(side, quoteQuantity, instrument, quoteScale);
  return quantityOfUnits(divideDown(tradable * ONE, price * quantityStep) * quantityStep);
}

/** The hold of a new order, not placed yet. A BUY by quote quantity holds all that it can cost. */
export function holdOfRequest(
  request: Pick<OrderRequest, 'side' | 'quantity' | 'instructions'>,
  worstPrice: Price,
  rules: HoldRules,
): OrderHold {
  const { side, quantity, instructions } = request;
  const hold = holdFor(side, worstPrice, quantity, rules);
  const quoteQuantity = instructions?.quoteQuantity ?? null;
  if (quoteQuantity === null || side === 'SELL') return hold;
  return { ...hold, placed: quoteQuantity, remaining: quoteQuantity };
}

/** What an order by quote quantity can still trade for, in the quote asset; null for all others. */
export function tradableLeft(
  { side, instructions, filledNotional, preventedNotional, hold }: Order,
  { quoteScale }: Pick<Instrument, 'quoteScale'>,
): Money | null {
  const { quoteQuantity } = instructions;
  if (quoteQuantity === null || hold === null) return null;
  const tradable = tradableQuote(side, quoteQuantity, hold, quoteScale);
  return moneyOfUnits(tradable - filledNotional - preventedNotional);
}

/**
 * The order with the quantity that its quote quantity came to in the book, and with what it would
 * still come to at its place; other orders unchanged.
 */
export function withExecutedQuantity<Any extends Order>(
  order: Any,
  { steps, leaves }: Pick<Execution, 'steps' | 'leaves'>,
): Any {
  if (!isByQuote(order)) return order;
  const done = steps.reduce(
    (sum, step) => sum + (step.kind === 'trade' ? step.quantity : step.takerQuantity),
    0n,
  );
  // Worth less than a step on arrival: then it stays what it was at the worst price.
  if (done + leaves === 0n) return order;
  const before = order.filledQuantity + order.preventedQuantity;
  return { ...order, quantity: quantityOfUnits(before + done + leaves) };
}

/**
 * The QUANTITY_ and NOTIONAL_ reasons of an order by quote quantity, whose nearestValid is a quote
 * quantity too.
 */
export const quoteQuantityIsValid: SizeRule = (request, check) => {
  const { instrument } = check;
  const { instructions, side } = request;
  const quoteQuantity = instructions?.quoteQuantity ?? null;
  if (quoteQuantity === null) return null;
  const { quoteScale, minNotional, maxNotional } = instrument;
  const step = stepOfScale(quoteScale);
  const floor = moneyOfUnits((quoteQuantity / step) * step);
  if (floor !== quoteQuantity)
    return broken(quoteQuantity, 'QUANTITY_OFF_STEP', 'quoteScale', step, floor, quoteScale);
  const least = leastQuote(side, worstPriceOf(request, check), instrument);
  if (quoteQuantity < minNotional)
    return broken(
      quoteQuantity,
      'NOTIONAL_BELOW_MINIMUM',
      'minNotional',
      minNotional,
      least > minNotional ? least : minNotional,
      quoteScale,
    );
  if (quoteQuantity > maxNotional)
    return broken(
      quoteQuantity,
      'NOTIONAL_EXCEEDS_MAXIMUM',
      'maxNotional',
      maxNotional,
      maxNotional,
      quoteScale,
    );
  if (quoteQuantity < least)
    return broken(quoteQuantity, 'QUANTITY_BELOW_MINIMUM', 'minQuantity', least, least, quoteScale);
  return null;
};

/**
 * QUANTITY_EXCEEDS_MAXIMUM, if a quote quantity is worth more base units than an order can have: a
 * BUY gets the most where it begins, a SELL needs the most at the worst price.
 */
export const quoteQuantityKeepsMaximum: SizeRule = (request, check) => {
  const { instrument } = check;
  const isBuy = request.side === 'BUY';
  const price = isBuy ? valuationPrice(request, check) : worstPriceOf(request, check);
  const quoteQuantity = request.instructions?.quoteQuantity ?? null;
  if (quoteQuantity === null || price === null || price === 0n) return null;
  const { maxQuantity, maxNotional, quoteScale, quantityStep } = instrument;
  // Another rule reports this.
  if (quoteQuantity > maxNotional) return null;
  const steps = divideDown(quoteQuantity * ONE, price * quantityStep);
  if (steps * quantityStep <= maxQuantity) return null;
  const step = stepOfScale(quoteScale);
  const most = moneyOfUnits((divideDown(maxQuantity * price, ONE) / step) * step);
  return broken(quoteQuantity, 'QUANTITY_EXCEEDS_MAXIMUM', 'maxQuantity', most, most, quoteScale);
};

/** A quote quantity that surely comes to the smallest quantity; null without a price. */
function leastQuote(side: OrderSide, worstPrice: Price | null, instrument: Instrument): Money {
  if (worstPrice === null) return ZERO_MONEY;
  const { quoteScale } = instrument;
  const step = stepOfScale(quoteScale);
  const cost = divideUp(smallestQuantity(instrument) * worstPrice, ONE);
  const fee = side === 'BUY' ? feeAtWorst(moneyOfUnits(cost), instrument, quoteScale) : ZERO_MONEY;
  return moneyOfUnits(divideUp(cost + fee, step) * step);
}

function broken(
  quoteQuantity: Money,
  reason: OrderDenial['reason'],
  rule: string,
  limit: bigint,
  nearest: bigint,
  scale: number,
): OrderDenial {
  const [limitText, nearestValid] = [limit, nearest].map((one) =>
    formatMoney(moneyOfUnits(one), scale),
  ) as [string, string];
  const actual = formatMoney(quoteQuantity);
  const message = `The quoteQuantity ${actual} ${brokenBy(reason)} ${limitText}.`;
  return denial(reason, message, { rule, limit: limitText, actual, nearestValid });
}

/** What a quote quantity does that is denied for this reason, in words that the limit follows. */
function brokenBy(reason: OrderDenial['reason']): string {
  if (reason === 'QUANTITY_OFF_STEP') return 'is not a multiple of';
  const isTooLarge = reason === 'NOTIONAL_EXCEEDS_MAXIMUM' || reason === 'QUANTITY_EXCEEDS_MAXIMUM';
  return isTooLarge ? 'exceeds the maximum of' : 'is below the minimum of';
}

/** A quote quantity before anything values it. */
export const UNPRICED_QUANTITY = ZERO_QUANTITY;
