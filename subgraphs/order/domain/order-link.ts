import { formatPrice, type Price } from '#shared/domain/price.ts';
import type { ComparisonTokenId, OrderId, RfqId } from '#shared/domain/ids.ts';
import { nearestPrice } from './rules/nearest-valid.ts';
import { denial, type OrderDenial } from './rules/order-denial.ts';
import {
  freshQuote,
  type InstrumentCheck,
  type OrderRequest,
  type OrderRule,
} from './rules/order-rule.ts';
import { isTriggerMet, type TriggerSource, watchedPrice } from './order-trigger.ts';
import { triggerAlreadyMet } from './rules/trigger-rules.ts';
import { limitPriceOf } from './order.ts';
import {
  priceCollar,
  type PriceCollar,
  referencePrice,
  takeProfitCollar,
} from './rules/price-collar.ts';

/**
 * The other leg of a limit order (one cancels other): when its trigger is met, the order leaves its
 * limit price, and what the first leg has not sold becomes a limit order at this price. Both legs
 * are one order with one quantity and one hold, so that they never fill for more than that.
 */
export interface StopLeg {
  readonly triggerPrice: Price;
  readonly source: TriggerSource;
  readonly limitPrice: Price;
  /** Milliseconds since the epoch; null while the first leg is the one that rests. */
  readonly triggeredAt: number | null;
}

/**
 * What follows a BUY (one triggers other; with both members a bracket): when it has ended, exactly
 * what it bought is sold by one order with these legs. At least one leg is set.
 */
export interface ExitPlan {
  readonly takeProfitPrice: Price | null;
  readonly stop: Omit<StopLeg, 'triggeredAt'> | null;
}

/** How an order is linked to others. */
export interface OrderLink {
  readonly stop: StopLeg | null;
  readonly exit: ExitPlan | null;
  /** The BUY order that this one is the exit of. */
  readonly parentOrderId: OrderId | null;
  /** The request for quote whose accept this one is. */
  readonly rfqId: RfqId | null;
  /** The comparison token of the order, so that a comparison is executed one way only. */
  readonly comparisonToken: ComparisonTokenId | null;
}

/** An order without links. */
export const NO_LINK: OrderLink = {
  stop: null,
  exit: null,
  parentOrderId: null,
  rfqId: null,
  comparisonToken: null,
};

/** Whether an order is the exit of another one. */
export function isExit({ link = NO_LINK }: Pick<OrderRequest, 'link'>): boolean {
  return link.parentOrderId !== null;
}

/** INVALID_COMBINATION: exits sell what was bought, and the stop leg is below the limit. */
export const linkGoesTogether: OrderRule = ({ link = NO_LINK, side, terms }) => {
  const refuse = (rule: string, message: string) =>
    denial('INVALID_COMBINATION', message, { rule });
  if (link.exit !== null && side !== 'BUY') return refuse('exit', 'Only a BUY can have an exit.');
  if (link.stop !== null && side !== 'SELL')
    return refuse('side', 'Only a SELL can have a stop leg: both legs share the same funds.');
  const pairs = [
    // Once the stop leg has taken over, the limit is its own.
    [limitPriceOf(terms), waitingStop(link)?.triggerPrice],
    [link.exit?.takeProfitPrice ?? null, link.exit?.stop?.triggerPrice],
  ] as const;
  for (const [above, below] of pairs)
    if (above !== null && below !== undefined && below >= above)
      return refuse('stopPrice', 'The stop must be below the price of the other leg.');
  return null;
};

/**
 * INVALID_COMBINATION: a stop that is not below where the BUY enters would take over at once, and
 * rest above the market. A trailing stop moves towards the market: nobody knows where it buys.
 */
export const exitStopIsBelowEntry: OrderRule = (request, check) => {
  const { link = NO_LINK, trigger = null } = request;
  const stop = link.exit?.stop ?? null;
  if (stop === null || trigger?.trailing != null) return null;
  // With a limit above the market it buys at the market.
  const ask = trigger === null ? (freshQuote(check)?.askPrice ?? null) : null;
  const most = entryPrice(request, check);
  const entry = ask !== null && most !== null && ask < most ? ask : most;
  if (entry === null || stop.triggerPrice < entry) return null;
  const message = 'The stop of the exit must be below the price of the BUY.';
  const { priceScale } = check.instrument;
  const limit = formatPrice(entry, priceScale);
  const actual = formatPrice(stop.triggerPrice, priceScale);
  return denial('INVALID_COMBINATION', message, { rule: 'stopPrice', limit, actual });
};

/**
 * PRICE_NOT_POSITIVE and PRICE_OFF_TICK for the prices of legs, which the order's own rules do not
 * see.
 */
export const legPricesAreOnTick: OrderRule = ({ link = NO_LINK }, check) => {
  const prices = stopLegsOf(link).flatMap(({ triggerPrice, limitPrice }) => [
    triggerPrice,
    limitPrice,
  ]);
  if (link.exit?.takeProfitPrice != null) prices.push(link.exit.takeProfitPrice);
  for (const price of prices) {
    const broken = offTick(price, check);
    if (broken !== null) return broken;
  }
  return null;
};

/**
 * PRICE_OUTSIDE_COLLAR for legs: a stop's limit is measured from its trigger, a take-profit from
 * the entry.
 */
export const legPricesAreWithinCollar: OrderRule = (request, check) => {
  const { link = NO_LINK } = request;
  for (const { triggerPrice, limitPrice } of stopLegsOf(link)) {
    const collar = priceCollar(triggerPrice, check.instrument);
    const broken = outsideCollar("stop leg's limit price", limitPrice, collar, check);
    if (broken !== null) return broken;
  }
  const takeProfitPrice = link.exit?.takeProfitPrice ?? null;
  const entry = entryPrice(request, check);
  if (takeProfitPrice === null || entry === null) return null;
  const collar = takeProfitCollar(entry, check.instrument);
  return outsideCollar('take-profit price', takeProfitPrice, collar, check);
};

/** TRIGGER_ALREADY_MET for the stop leg, by the last known market. */
export const stopLegIsNotMet: OrderRule = ({ link = NO_LINK, side }, check) => {
  const stop = waitingStop(link);
  if (stop === null) return null;
  const { quote, lastPrice = null } = check;
  const watched = watchedPrice(side, stop, { quote, lastPrice });
  const leg = { ...stop, kind: 'STOP' } as const;
  if (watched === null || !isTriggerMet(side, leg, watched)) return null;
  return triggerAlreadyMet({ ...leg, side, watched, rule: 'stopPrice' }, check);
};

function offTick(price: Price, { instrument }: InstrumentCheck): OrderDenial | null {
  const { tickSize, priceScale } = instrument;
  if (price > 0n && price % tickSize === 0n) return null;
  const actual = formatPrice(price, priceScale);
  const nearestValid = formatPrice(nearestPrice('SELL', price, instrument, null), priceScale);
  const reason = price > 0n ? 'PRICE_OFF_TICK' : 'PRICE_NOT_POSITIVE';
  const limit = formatPrice(tickSize, priceScale);
  const message = `The leg price ${actual} is not a positive multiple of ${limit}.`;
  return denial(reason, message, { rule: 'tickSize', limit, actual, nearestValid });
}

function outsideCollar(
  what: string,
  price: Price,
  collar: PriceCollar | null,
  { instrument }: InstrumentCheck,
): OrderDenial | null {
  if (collar !== null && price >= collar.lowest && price <= collar.highest) return null;
  const { priceScale } = instrument;
  const actual = formatPrice(price, priceScale);
  const values = { rule: 'collarRate', actual };
  if (collar === null)
    return denial('PRICE_OUTSIDE_COLLAR', `No ${what} is near enough; ${actual} is not.`, values);
  const isBelow = price < collar.lowest;
  const limit = formatPrice(isBelow ? collar.lowest : collar.highest, priceScale);
  const message = `The ${what} ${actual} is ${isBelow ? 'below' : 'above'} ${limit}.`;
  const nearestValid = formatPrice(nearestPrice('SELL', price, instrument, collar), priceScale);
  return denial('PRICE_OUTSIDE_COLLAR', message, { ...values, limit, nearestValid });
}

/** The leg that waits beside the limit; null if there is none, or it has taken over. */
export function waitingStop({ stop }: OrderLink): StopLeg | null {
  return stop === null || stop.triggeredAt !== null ? null : stop;
}

function stopLegsOf(link: OrderLink): Omit<StopLeg, 'triggeredAt'>[] {
  return [waitingStop(link), link.exit?.stop ?? null].filter((one) => one !== null);
}

/** Roughly where an order enters: at its limit, at its trigger, or at the market. */
function entryPrice({ terms, trigger = null }: OrderRequest, check: InstrumentCheck): Price | null {
  if (terms.orderType === 'LIMIT') return terms.limitPrice;
  if (trigger !== null) return trigger.triggerPrice;
  const quote = freshQuote(check);
  return quote === null ? null : referencePrice(quote);
}
