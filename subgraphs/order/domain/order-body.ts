import type { NewOrder } from './order-progress.ts';
import { lifeOf } from './order-life.ts';
import { orderTypeOf } from './order-trigger.ts';
import { limitPriceOf } from './order.ts';

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
  'expireAt',
  'triggerPrice',
  'triggerSource',
  'trailingOffset',
] as const;

function bodyOf({
  symbol,
  side,
  terms,
  quantity,
  trigger = null,
  expireAt = null,
}: Omit<NewOrder, 'id'>): Readonly<Record<(typeof BODY_FIELDS)[number], unknown>> {
  return {
    symbol,
    side,
    orderType: orderTypeOf(terms, trigger),
    quantity,
    limitPrice: limitPriceOf(terms),
    timeInForce: lifeOf({ terms, trigger }),
    // What follows from the moment it came is not what was asked for.
    expireAt: lifeOf({ terms, trigger }) === 'GTD' ? expireAt : null,
    triggerPrice: trigger?.trailing === null ? trigger.triggerPrice : null,
    triggerSource: trigger?.source ?? null,
    trailingOffset:
      trigger?.trailing == null ? null : `${trigger.trailing.offset} ${trigger.trailing.type}`,
  };
}
