import { formatUnits } from '#shared/domain/decimal.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { OrderChanges } from '../domain/order-amend.ts';
import { unitsOf } from './stored-decimal.ts';

/** What a client asked to change, as JSON: decimals are text. */
export interface ChangesJson {
  readonly quantity?: string;
  readonly limitPrice?: string;
  readonly triggerPrice?: string;
  readonly stopLimitPrice?: string;
  readonly expireAt?: number;
}

/** The JSON of changes. */
export function changesToJson(changes: OrderChanges): ChangesJson {
  const { quantity, limitPrice, triggerPrice, stopLimitPrice, expireAt } = changes;
  return {
    ...(quantity === undefined ? {} : { quantity: formatUnits(quantity) }),
    ...(limitPrice === undefined ? {} : { limitPrice: formatUnits(limitPrice) }),
    ...(triggerPrice === undefined ? {} : { triggerPrice: formatUnits(triggerPrice) }),
    ...(stopLimitPrice === undefined ? {} : { stopLimitPrice: formatUnits(stopLimitPrice) }),
    ...(expireAt === undefined ? {} : { expireAt }),
  };
}

/** The changes of their JSON, which only {@link changesToJson} makes. */
export function changesOfJson(json: ChangesJson): OrderChanges {
  const { quantity, limitPrice, triggerPrice, stopLimitPrice, expireAt } = json;
  const price = (text: string) => priceOfUnits(unitsOf(text));
  return {
    ...(quantity === undefined ? {} : { quantity: quantityOfUnits(unitsOf(quantity)) }),
    ...(limitPrice === undefined ? {} : { limitPrice: price(limitPrice) }),
    ...(triggerPrice === undefined ? {} : { triggerPrice: price(triggerPrice) }),
    ...(stopLimitPrice === undefined ? {} : { stopLimitPrice: price(stopLimitPrice) }),
    ...(expireAt === undefined ? {} : { expireAt }),
  };
}
