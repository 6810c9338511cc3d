import { formatPrice, type Price } from '#shared/domain/price.ts';
import type { ComparisonTokenId, OrderId, RfqId } from '#shared/domain/ids.ts';
import { nearestPrice } from './nearest-valid.ts';
import { denial, type OrderDenial } from './order-denial.ts';
import { freshQuote, type InstrumentCheck, type OrderRule } from './order-rule.ts';
import { isTriggerMet, type TriggerSource, watchedPrice } from './order-trigger.ts';
import { limitPriceOf } from './order.ts';
import { priceCollar } from './price-collar.ts';

/**
 * The other leg of a limit order (one cancels other): when its trigger is met, the order leaves its
 * limit price, and what the first leg has not sold is a limit order at this price. Both legs are one
 * order with one quantity and one hold, so that they never fill for more than it.
 */
export interface StopLeg {
  readonly triggerPrice: Price;
  readonly source: TriggerSource;
  readonly limitPrice: Price;
  /** Milliseconds since the epoch; null while the first leg is the one that rests. */
  readonly triggeredAt: number | null;
}

/**
 * What follows a BUY (one triggers other; with both members a bracket): when it has ended, what it
 * bought, and no more, is sold by one order of these legs. At least one is there.
 */
export interface ExitPlan {
  readonly takeProfitPrice: Price | null;
  readonly stop: Omit<StopLeg, 'triggeredAt'> | null;
}

/** How an order hangs together with others. */
export interface OrderLink {
  readonly stop: StopLeg | null;
  readonly exit: ExitPlan | null;
  /** The order whose exit this one is. */
  readonly parentOrderId: OrderId | null;
  /** The request for quote whose accept this one is. */
  readonly rfqId: RfqId | null;
  /** The token that was shown with it, so that what was compared is executed one way only. */
  readonly comparisonToken: ComparisonTokenId | null;
}

/** An order that stands alone. */
export const NO_LINK: OrderLink = {
  stop: null,
  exit: null,
  parentOrderId: null,
  rfqId: null,
  comparisonToken: null,
};

/** INVALID_COMBINATION: exits sell what was bought, and the stop leg lies below the limit. */
export const linkGoesTogether: OrderRule = ({ link = NO_LINK, side, terms }) => {
  const refuse = (rule: string, message: string) =>
    denial('INVALID_COMBINATION', message, { rule });
  if (link.exit !== null && side !== 'BUY') return refuse('exit', 'Only a BUY can have an exit.');
  if (link.stop !== null && side !== 'SELL')
    return refuse('side', 'Only a SELL can have a stop leg: both legs share the same funds.');
  const pairs = [
    [limitPriceOf(terms), link.stop?.triggerPrice],
    [link.exit?.takeProfitPrice ?? null, link.exit?.stop?.triggerPrice],
  ] as const;
  for (const [above, below] of pairs)
    if (above !== null && below !== undefined && below >= above)
      return refuse('stopPrice', 'The stop must be below the price of the other leg.');
  return null;
};

/** PRICE_ reasons for the prices of legs, which the order's own rules do not see. */
export const legPricesAreValid: OrderRule = ({ link = NO_LINK }, check) => {
  const { stop, exit } = link;
  const stops = [stop, exit?.stop ?? null].filter((one) => one !== null);
  const prices = stops.flatMap(({ triggerPrice, limitPrice }) => [triggerPrice, limitPrice]);
  if (exit?.takeProfitPrice != null) prices.push(exit.takeProfitPrice);
  for (const price of prices) {
    const broken = offTick(price, check);
    if (broken !== null) return broken;
  }
  for (const leg of stops) {
    const broken = outsideCollar(leg, check);
    if (broken !== null) return broken;
  }
  return null;
};

/** TRIGGER_ALREADY_MET, of the stop leg. */
export const stopLegIsNotMet: OrderRule = ({ link = NO_LINK, side }, check) => {
  const { stop } = link;
  if (stop === null || stop.triggeredAt !== null) return null;
  const quote = freshQuote(check);
  const watched = watchedPrice(side, stop, { quote, lastPrice: check.lastPrice ?? null });
  if (watched === null || !isTriggerMet(side, { ...stop, kind: 'STOP' }, watched)) return null;
  const { priceScale } = check.instrument;
  const [limit, actual] = [
    formatPrice(watched, priceScale),
    formatPrice(stop.triggerPrice, priceScale),
  ];
  const message = `The price is ${limit}, already past the trigger price ${actual}.`;
  return denial('TRIGGER_ALREADY_MET', message, { rule: 'stopPrice', limit, actual });
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
  { triggerPrice, limitPrice }: Pick<StopLeg, 'triggerPrice' | 'limitPrice'>,
  { instrument }: InstrumentCheck,
): OrderDenial | null {
  const collar = priceCollar(triggerPrice, instrument);
  if (collar !== null && limitPrice >= collar.lowest && limitPrice <= collar.highest) return null;
  const { priceScale } = instrument;
  const actual = formatPrice(limitPrice, priceScale);
  const message = `The stop leg's limit price ${actual} is too far from its trigger price.`;
  const nearestValid =
    collar === null
      ? null
      : formatPrice(nearestPrice('SELL', limitPrice, instrument, collar), priceScale);
  return denial('PRICE_OUTSIDE_COLLAR', message, { rule: 'collarRate', actual, nearestValid });
}
