import type { Instrument } from '#shared/domain/instrument.ts';
import { formatMoney, notional } from '#shared/domain/money.ts';
import { formatQuantity, type Quantity } from '#shared/domain/quantity.ts';
import { nearestQuantity, nearestQuantityByNotional, smallestQuantity } from './nearest-valid.ts';
import { isExit } from '../order-link.ts';
import { denial, type DenyReason, type OrderDenial } from './order-denial.ts';
import { isByQuote } from '../quote-quantity.ts';
import {
  type InstrumentCheck,
  type MarketCheck,
  type OrderRequest,
  type SizeRule,
  valuationPrice,
} from './order-rule.ts';

/** QUANTITY_OFF_STEP */
export const quantityIsOnStep: SizeRule = ({ quantity }, { instrument }) => {
  const { quantityStep } = instrument;
  if (quantity % quantityStep === 0n) return null;
  const broken = { rule: 'quantityStep', limit: quantityStep, says: 'is not a multiple of' };
  return quantityDenial('QUANTITY_OFF_STEP', quantity, broken, instrument);
};

// An order by quote quantity has rules of its own: its base units follow from the market.

/** QUANTITY_BELOW_MINIMUM */
export const quantityReachesMinimum: SizeRule = (request, check) => {
  const { quantity } = request;
  const { instrument } = check;
  const limit = smallestQuantity(instrument);
  if (quantity >= limit || isByQuote(request) || isMovedExit(request, check)) return null;
  const broken = { rule: 'minQuantity', limit, says: 'is below the minimum of' };
  return quantityDenial('QUANTITY_BELOW_MINIMUM', quantity, broken, instrument);
};

/** QUANTITY_EXCEEDS_MAXIMUM */
export const quantityKeepsMaximum: SizeRule = (request, check) => {
  const { quantity } = request;
  const { instrument } = check;
  const limit = instrument.maxQuantity;
  if (quantity <= limit || isByQuote(request) || isMovedExit(request, check)) return null;
  const broken = { rule: 'maxQuantity', limit, says: 'exceeds the maximum of' };
  return quantityDenial('QUANTITY_EXCEEDS_MAXIMUM', quantity, broken, instrument);
};

/** NOTIONAL_BELOW_MINIMUM */
export const notionalReachesMinimum: SizeRule = (request, check) =>
  isMovedExit(request, check) ? null : notionalDenial('NOTIONAL_BELOW_MINIMUM', request, check);

/** NOTIONAL_EXCEEDS_MAXIMUM */
export const notionalKeepsMaximum: SizeRule = (request, check) =>
  isMovedExit(request, check) ? null : notionalDenial('NOTIONAL_EXCEEDS_MAXIMUM', request, check);

/**
 * An exit sells what a BUY has bought, however little or much that is: then it can only be moved. A
 * BUY by quote quantity can have bought more than an order can have, because its price was better.
 */
function isMovedExit(
  request: OrderRequest,
  { standing }: Pick<InstrumentCheck, 'standing'>,
): boolean {
  return isExit(request) && standing?.quantity === request.quantity;
}

function quantityDenial(
  reason: DenyReason,
  quantity: Quantity,
  broken: { rule: string; limit: Quantity; says: string },
  instrument: Instrument,
): OrderDenial {
  const scale = instrument.quantityScale;
  const actual = formatQuantity(quantity, scale);
  const limit = formatQuantity(broken.limit, scale);
  const nearest = nearestQuantity(quantity, instrument);
  return denial(reason, `The quantity ${actual} ${broken.says} ${limit}.`, {
    rule: broken.rule,
    limit,
    actual,
    nearestValid: nearest === null ? null : formatQuantity(nearest, scale),
  });
}

/** An order that nothing values breaks a price or market rule, not these. */
function notionalDenial(
  reason: 'NOTIONAL_BELOW_MINIMUM' | 'NOTIONAL_EXCEEDS_MAXIMUM',
  request: OrderRequest,
  check: MarketCheck,
): OrderDenial | null {
  const { instrument } = check;
  const price = valuationPrice(request, check);
  if (price === null || price === 0n || isByQuote(request)) return null;
  const value = notional(price, request.quantity);
  const isMinimum = reason === 'NOTIONAL_BELOW_MINIMUM';
  if (isMinimum ? value >= instrument.minNotional : value <= instrument.maxNotional) return null;

  const actual = formatMoney(value, instrument.quoteScale);
  const limit = isMinimum ? instrument.minNotional : instrument.maxNotional;
  const limitText = formatMoney(limit, instrument.quoteScale);
  const nearest = nearestQuantityByNotional(request.quantity, price, instrument);
  const says = isMinimum ? 'is below the minimum of' : 'exceeds the maximum of';
  return denial(reason, `The notional ${actual} ${says} ${limitText} ${instrument.quote}.`, {
    rule: isMinimum ? 'minNotional' : 'maxNotional',
    limit: limitText,
    actual,
    nearestValid: nearest === null ? null : formatQuantity(nearest, instrument.quantityScale),
  });
}
