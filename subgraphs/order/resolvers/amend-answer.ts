import { toTimestamp } from '#shared/domain/clock.ts';
import { formatPrice, type Price } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { OrderAmend as OrderAmendType } from '../__generated__/graphql.ts';
import type { OrderAmend } from '../domain/order-amend.ts';
import type { Scales } from './scales.ts';

/** A change of an order with its amounts padded. */
export function amendAnswer(
  { amendId, before, after, priorityKept, at }: OrderAmend,
  scales: Scales,
): OrderAmendType {
  const price = (value: Price | null) => (value === null ? null : formatPrice(value, scales.price));
  const time = (value: number | null) => (value === null ? null : toTimestamp(value));
  return {
    amendId,
    quantityBefore: formatQuantity(before.quantity, scales.quantity),
    quantityAfter: formatQuantity(after.quantity, scales.quantity),
    limitPriceBefore: price(before.limitPrice),
    limitPriceAfter: price(after.limitPrice),
    triggerPriceBefore: price(before.triggerPrice),
    triggerPriceAfter: price(after.triggerPrice),
    stopLimitPriceBefore: price(before.stopLimitPrice),
    stopLimitPriceAfter: price(after.stopLimitPrice),
    expireAtBefore: time(before.expireAt),
    expireAtAfter: time(after.expireAt),
    priorityKept,
    at: toTimestamp(at),
  };
}
