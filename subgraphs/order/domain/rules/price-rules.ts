import { formatPrice, type Price } from '#shared/domain/price.ts';
import { nearestPrice } from './nearest-valid.ts';
import { denial } from './order-denial.ts';
import type { InstrumentCheck, OrderRequest, OrderRule } from './order-rule.ts';
import { isExit } from '../order-link.ts';
import { limitPriceOf } from '../order.ts';
import { priceCollar, type PriceCollar, referencePrice, takeProfitCollar } from './price-collar.ts';

/** The collar to check a limit against, and whether there is a reference to measure it from. */
function collarOf(
  request: OrderRequest,
  check: InstrumentCheck,
): { collar: PriceCollar | null; isKnown: boolean } {
  const { trigger = null } = request;
  // A waiting order is measured from where it will arrive, not from today's market.
  if (trigger !== null)
    return { collar: priceCollar(trigger.triggerPrice, check.instrument), isKnown: true };
  const { quote } = check;
  // However old: the house takes a resting order at its own price once its market is back, so a slip
  // must not rest meanwhile.
  const reference = quote === null ? null : referencePrice(quote);
  if (reference === null) return { collar: null, isKnown: false };
  const around = isExit(request) ? takeProfitCollar : priceCollar;
  return { collar: around(reference, check.instrument), isKnown: true };
}

function nearestText(
  request: OrderRequest,
  price: Price,
  check: InstrumentCheck,
  { collar }: { collar: PriceCollar | null },
): string {
  const { instrument } = check;
  return formatPrice(nearestPrice(request.side, price, instrument, collar), instrument.priceScale);
}

/** PRICE_NOT_POSITIVE */
export const priceIsPositive: OrderRule = (request, check) => {
  const price = limitPriceOf(request.terms);
  if (price === null || price > 0n) return null;
  return denial('PRICE_NOT_POSITIVE', 'The limit price must be greater than zero.', {
    rule: 'limitPrice',
    actual: formatPrice(price, check.instrument.priceScale),
    nearestValid: nearestText(request, price, check, collarOf(request, check)),
  });
};

/** PRICE_OFF_TICK */
export const priceIsOnTick: OrderRule = (request, check) => {
  const price = limitPriceOf(request.terms);
  const { tickSize, priceScale } = check.instrument;
  if (price === null || price % tickSize === 0n) return null;
  const [limit, actual] = [formatPrice(tickSize, priceScale), formatPrice(price, priceScale)];
  return denial('PRICE_OFF_TICK', `The limit price ${actual} is not a multiple of ${limit}.`, {
    rule: 'tickSize',
    limit,
    actual,
    nearestValid: nearestText(request, price, check, collarOf(request, check)),
  });
};

/**
 * PRICE_OUTSIDE_COLLAR; without any reference there is nothing to measure from. A price that is not
 * changed was measured when it arrived: the market may have left it without preventing other
 * changes.
 */
export const priceIsWithinCollar: OrderRule = (request, check) => {
  const price = limitPriceOf(request.terms);
  const { collar, isKnown } = collarOf(request, check);
  if (price === null || price === 0n || !isKnown) return null;
  if (request.trigger == null && price === check.standing?.limitPrice) return null;
  if (collar !== null && price >= collar.lowest && price <= collar.highest) return null;
  const { priceScale } = check.instrument;
  const actual = formatPrice(price, priceScale);
  if (collar === null) {
    const message = `No valid price is close enough to the market; ${actual} is not either.`;
    return denial('PRICE_OUTSIDE_COLLAR', message, { rule: 'collarRate', actual });
  }
  const limit = formatPrice(price < collar.lowest ? collar.lowest : collar.highest, priceScale);
  const [end, most] = price < collar.lowest ? ['below', 'lowest'] : ['above', 'highest'];
  return denial(
    'PRICE_OUTSIDE_COLLAR',
    `The limit price ${actual} is ${end} ${limit}, the ${most} price that the collar permits.`,
    {
      rule: 'collarRate',
      limit,
      actual,
      nearestValid: nearestText(request, price, check, { collar }),
    },
  );
};
