import { divideUp, formatUnits, ONE } from '#shared/domain/decimal.ts';
import { formatPrice, type Price } from '#shared/domain/price.ts';
import { denial, type OrderDenial } from './order-denial.ts';
import { nearestPrice } from './nearest-valid.ts';
import type { InstrumentCheck, OrderRule } from './order-rule.ts';
import type { OrderSide } from '../order.ts';
import {
  isTriggerMet,
  largestOffset,
  type TriggerKind,
  waitsForRise,
  watchedPrice,
} from '../order-trigger.ts';

/** EXPIRE_TIME_IN_PAST: at exactly its instant an order has expired. */
export const expiresLater: OrderRule = ({ expireAt = null }, { nowMs }) => {
  if (expireAt === null || expireAt > nowMs) return null;
  const [limit, actual] = [`${nowMs}`, `${expireAt}`];
  const message = 'The expiry must be in the future.';
  return denial('EXPIRE_TIME_IN_PAST', message, { rule: 'expireAt', limit, actual });
};

/** PRICE_NOT_POSITIVE and PRICE_OFF_TICK, of the trigger price. */
export const triggerPriceIsOnTick: OrderRule = ({ trigger = null, side }, { instrument }) => {
  if (trigger === null || trigger.trailing !== null) return null;
  const { tickSize, priceScale } = instrument;
  const price = trigger.triggerPrice;
  if (price > 0n && price % tickSize === 0n) return null;
  const actual = formatPrice(price, priceScale);
  const nearestValid = formatPrice(nearestPrice(side, price, instrument, null), priceScale);
  const rule = 'triggerPrice';
  if (price <= 0n)
    return denial('PRICE_NOT_POSITIVE', 'The trigger price must be greater than zero.', {
      rule,
      actual,
      nearestValid,
    });
  const limit = formatPrice(tickSize, priceScale);
  const message = `The trigger price ${actual} is not a multiple of ${limit}.`;
  return denial('PRICE_OFF_TICK', message, { rule, limit, actual, nearestValid });
};

/** INVALID_COMBINATION: a trailing stop must keep some distance. */
export const trailingOffsetIsPositive: OrderRule = ({ trigger = null }) => {
  if (trigger?.trailing == null || trigger.trailing.offset > 0n) return null;
  return denial('INVALID_COMBINATION', 'The trailing offset must be greater than zero.', {
    rule: 'trailingOffset',
    actual: '0',
  });
};

/** INVALID_COMBINATION: a trailing stop keeps no more distance than a price can have. */
export const trailingOffsetIsBounded: OrderRule = ({ trigger = null }, { instrument }) => {
  if (trigger?.trailing == null) return null;
  const { type, offset } = trigger.trailing;
  const largest = largestOffset(type, instrument);
  if (offset <= largest) return null;
  const limit = formatUnits(largest);
  return denial('INVALID_COMBINATION', `The trailing offset must be at most ${limit}.`, {
    rule: 'trailingOffset',
    limit,
    actual: formatUnits(offset),
    nearestValid: limit,
  });
};

/**
 * PRICE_OFF_TICK: a trailing stop keeps whole ticks of distance; basis points can be of any size.
 */
export const trailingOffsetIsOnTick: OrderRule = ({ trigger = null }, { instrument }) => {
  if (trigger?.trailing == null || trigger.trailing.type === 'BASIS_POINTS') return null;
  const { type, offset } = trigger.trailing;
  const unit = type === 'TICKS' ? ONE : instrument.tickSize;
  if (offset % unit === 0n) return null;
  const [limit, actual] = [formatUnits(unit), formatUnits(offset)];
  const nearestValid = formatUnits(divideUp(offset, unit) * unit);
  const message = `The trailing offset ${actual} is not a multiple of ${limit}.`;
  return denial('PRICE_OFF_TICK', message, {
    rule: 'trailingOffset',
    limit,
    actual,
    nearestValid,
  });
};

/** MARKET_PRICE_UNAVAILABLE: a trailing stop needs a price to begin at. */
export const trailingStopHasStart: OrderRule = ({ trigger = null, symbol }) => {
  if (trigger?.trailing == null || trigger.triggerPrice > 0n) return null;
  const message = `There is no current price of ${symbol} to trail.`;
  return denial('MARKET_PRICE_UNAVAILABLE', message, { rule: 'triggerSource' });
};

/**
 * TRIGGER_ALREADY_MET: such an order would be a market order in disguise. Measured from the last
 * known market, however old: it would be set off as soon as that is back.
 */
export const triggerIsNotMet: OrderRule = ({ trigger = null, side }, check) => {
  if (trigger === null || trigger.triggerPrice === 0n) return null;
  // Without an offset it is denied for that.
  if (trigger.trailing?.offset === 0n) return null;
  const { quote, lastPrice = null } = check;
  const watched = watchedPrice(side, trigger, { quote, lastPrice });
  if (watched === null || !isTriggerMet(side, trigger, watched)) return null;
  return triggerAlreadyMet({ side, ...trigger, watched, rule: 'triggerPrice' }, check);
};

/** TRIGGER_ALREADY_MET, with the side of the market on which such an order waits. */
export function triggerAlreadyMet(
  met: {
    readonly side: OrderSide;
    readonly kind: TriggerKind;
    readonly triggerPrice: Price;
    readonly watched: Price;
    readonly rule: string;
  },
  { instrument }: InstrumentCheck,
): OrderDenial {
  const limit = formatPrice(met.watched, instrument.priceScale);
  const actual = formatPrice(met.triggerPrice, instrument.priceScale);
  const name = met.kind === 'TAKE_PROFIT' ? 'take-profit' : 'stop';
  const where = waitsForRise(met.side, met.kind) ? 'above' : 'below';
  const message = `The price is ${limit}, already past the trigger price ${actual}: that of a ${met.side} ${name} must be ${where} it.`;
  return denial('TRIGGER_ALREADY_MET', message, { rule: met.rule, limit, actual });
}
