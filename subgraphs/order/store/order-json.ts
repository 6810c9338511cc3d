import type { RecordedOrder } from '../domain/order-event.ts';
import { orderOfRow, type OrderRow, orderRowOf } from './order-row.ts';

/** An order as JSON: its row without the columns that are null, which are nearly half of them. */
export type OrderJson = { readonly [Column in keyof OrderRow]?: NonNullable<OrderRow[Column]> };

/** The nullable columns of a row. */
const NOTHING = {
  limit_price: null,
  hold_asset: null,
  hold_placed: null,
  hold_remaining: null,
  worst_price: null,
  maker_fee_rate: null,
  taker_fee_rate: null,
  violations: null,
  cancel_reason: null,
  expire_reason: null,
  reject_reason: null,
  touch_price: null,
  priority: null,
  accepted_at: null,
  closed_at: null,
  trigger: null,
  expire_at: null,
  amends: null,
  link: null,
  instructions: null,
  shown_quantity: null,
  pending_amend: null,
  is_arriving: null,
  placed_by: null,
} as const satisfies Partial<OrderRow>;

/** Caches the JSON: orders are immutable, and each is written to its table, its event and the bus. */
const known = new WeakMap<RecordedOrder, OrderJson>();

/** The JSON of an order. */
export function orderToJson(order: RecordedOrder): OrderJson {
  const made = known.get(order) ?? withoutNulls(orderRowOf(order));
  known.set(order, made);
  return made;
}

/** The order of its JSON, which only {@link orderToJson} makes; an older one may name what is null. */
export function orderOfJson(json: OrderJson): RecordedOrder {
  return orderOfRow({ ...NOTHING, ...json } as OrderRow);
}

function withoutNulls(row: OrderRow): OrderJson {
  const json: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) if (value !== null) json[column] = value;
  return json;
}
