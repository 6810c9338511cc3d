import { ageOf } from '#shared/domain/age.ts';
import { denial } from './order-denial.ts';
import { type OrderRule, valuationPrice, worstPriceOf } from './order-rule.ts';
import { isQuoteFresh } from './price-collar.ts';

/** MARKET_PRICE_UNAVAILABLE: no quote, or none on the side that a MARKET order would meet. */
export const marketPriceIsAvailable: OrderRule = (request, check) => {
  const { quote, instrument, nowMs } = check;
  if (request.terms.orderType !== 'MARKET' || request.trigger != null) return null;
  const isStale = quote !== null && !isQuoteFresh(quote, instrument, nowMs);
  if (isStale) return null; // the next rule reports this
  if (valuationPrice(request, check) !== null && worstPriceOf(request, check) !== null) return null;
  const message = `There is no price for ${request.symbol} with which to value a market order.`;
  return denial('MARKET_PRICE_UNAVAILABLE', message);
};

/** QUOTE_STALE: a MARKET order does not trade on a price that is too old. */
export const quoteIsFresh: OrderRule = (request, { quote, instrument, nowMs }) => {
  const isAtOnce = request.terms.orderType === 'MARKET' && request.trigger == null;
  if (!isAtOnce || quote === null) return null;
  if (isQuoteFresh(quote, instrument, nowMs)) return null;
  const [limit, actual] = [`${instrument.maxQuoteAgeMs}`, `${ageOf(quote.receivedAtMs, nowMs)}`];
  const message = quote.suspended
    ? `The prices of ${request.symbol} must not be traded on now.`
    : `The latest price of ${request.symbol} is ${actual} ms old; the limit is ${limit} ms.`;
  return denial('QUOTE_STALE', message, { rule: 'maxQuoteAgeMs', limit, actual });
};
