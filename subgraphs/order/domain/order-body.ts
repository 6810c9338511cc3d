import type { NewOrder } from './order-progress.ts';
import { limitPriceOf, timeInForceOf } from './order.ts';

/**
 * The input fields in which two orders differ; none when they ask for the same. Decimals are
 * compared as numbers: trailing zeros make no difference.
 */
export function differingFields(
  left: Omit<NewOrder, 'id'>,
  right: Omit<NewOrder, 'id'>,
): readonly string[] {
  const [one, other] = [bodyOf(left), bodyOf(right)];
  return BODY_FIELDS.filter((field) => one[field] !== other[field]);
}

const BODY_FIELDS = [
  'symbol',
  'side',
  'orderType',
  'quantity',
  'limitPrice',
  'timeInForce',
] as const;

function bodyOf({
  symbol,
  side,
  terms,
  quantity,
}: Omit<NewOrder, 'id'>): Readonly<Record<(typeof BODY_FIELDS)[number], unknown>> {
  return {
    symbol,
    side,
    orderType: terms.orderType,
    quantity,
    limitPrice: limitPriceOf(terms),
    timeInForce: timeInForceOf(terms),
  };
}
