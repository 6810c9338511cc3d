import { toTimestamp } from '#shared/domain/clock.ts';
import { formatPrice } from '#shared/domain/price.ts';
import type { StopLeg as StopLegType } from '../__generated__/graphql.ts';
import type { StopLeg } from '../domain/order-link.ts';
import type { Scales } from './scales.ts';

/** A stop leg with its prices padded. */
export function stopLegAnswer(
  { triggerPrice, source, limitPrice, triggeredAt }: StopLeg,
  scales: Scales,
): StopLegType {
  return {
    triggerPrice: formatPrice(triggerPrice, scales.price),
    triggerSource: source,
    limitPrice: formatPrice(limitPrice, scales.price),
    triggeredAt: triggeredAt === null ? null : toTimestamp(triggeredAt),
  };
}
