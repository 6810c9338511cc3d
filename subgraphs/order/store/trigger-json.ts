import { formatUnits } from '#shared/domain/decimal.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import type { OrderTrigger, TrailingOffset } from '../domain/order-trigger.ts';
import { unitsOf } from './stored-decimal.ts';

/** A trigger as JSON: decimals are text. */
export interface TriggerJson extends Omit<OrderTrigger, 'triggerPrice' | 'trailing'> {
  readonly triggerPrice: string;
  readonly trailing: { readonly type: TrailingOffset['type']; readonly offset: string } | null;
}

/** The JSON of a trigger. */
export function triggerToJson({ triggerPrice, trailing, ...trigger }: OrderTrigger): TriggerJson {
  return {
    ...trigger,
    triggerPrice: formatUnits(triggerPrice),
    trailing: trailing === null ? null : { ...trailing, offset: formatUnits(trailing.offset) },
  };
}

/** The trigger of its JSON, which only {@link triggerToJson} makes. */
export function triggerOfJson({ triggerPrice, trailing, ...trigger }: TriggerJson): OrderTrigger {
  return {
    ...trigger,
    triggerPrice: priceOfUnits(unitsOf(triggerPrice)),
    trailing: trailing === null ? null : { ...trailing, offset: unitsOf(trailing.offset) },
  };
}
