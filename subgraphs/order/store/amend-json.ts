import { formatUnits } from '#shared/domain/decimal.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { AmendableValues, OrderAmend } from '../domain/order-amend.ts';
import { type ChangesJson, changesOfJson, changesToJson } from './changes-json.ts';
import { unitsOf } from './stored-decimal.ts';

interface ValuesJson {
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly triggerPrice: string | null;
  /** Omitted if there is none. */
  readonly stopLimitPrice?: string;
  readonly expireAt: number | null;
}

/** A change of an order as JSON: decimals are text. */
export interface AmendJson extends Omit<OrderAmend, 'asked' | 'before' | 'after' | 'supersedes'> {
  /** Absent in JSON that was stored before this field existed. */
  readonly asked?: ChangesJson | null;
  readonly before: ValuesJson;
  readonly after: ValuesJson;
  /** Omitted if there is none, and in JSON that was stored before this field existed. */
  readonly supersedes?: string;
}

/** The JSON of a change. */
export function amendToJson({ supersedes, ...amend }: OrderAmend): AmendJson {
  const asked = amend.asked === null ? null : changesToJson(amend.asked);
  const values = { before: valuesToJson(amend.before), after: valuesToJson(amend.after) };
  return { ...amend, asked, ...values, ...(supersedes === null ? {} : { supersedes }) };
}

/** The change of its JSON, which only {@link amendToJson} makes. */
export function amendOfJson(json: AmendJson): OrderAmend {
  const asked = json.asked == null ? null : changesOfJson(json.asked);
  const values = { before: valuesOfJson(json.before), after: valuesOfJson(json.after) };
  return { ...json, asked, ...values, supersedes: json.supersedes ?? null };
}

function valuesToJson(values: AmendableValues): ValuesJson {
  const { quantity, limitPrice, triggerPrice, stopLimitPrice, expireAt } = values;
  return {
    quantity: formatUnits(quantity),
    limitPrice: limitPrice === null ? null : formatUnits(limitPrice),
    triggerPrice: triggerPrice === null ? null : formatUnits(triggerPrice),
    ...(stopLimitPrice === null ? {} : { stopLimitPrice: formatUnits(stopLimitPrice) }),
    expireAt,
  };
}

function valuesOfJson({
  quantity,
  limitPrice,
  triggerPrice,
  stopLimitPrice,
  expireAt,
}: ValuesJson): AmendableValues {
  return {
    quantity: quantityOfUnits(unitsOf(quantity)),
    limitPrice: limitPrice === null ? null : priceOfUnits(unitsOf(limitPrice)),
    triggerPrice: triggerPrice === null ? null : priceOfUnits(unitsOf(triggerPrice)),
    stopLimitPrice: stopLimitPrice === undefined ? null : priceOfUnits(unitsOf(stopLimitPrice)),
    expireAt,
  };
}
