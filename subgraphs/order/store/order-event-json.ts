import type { OrderEvent, OrderEventType, RefusedAmend } from '../domain/order-event.ts';
import { type FillRow, fillOfRow, fillRowOf } from './fill-row.ts';
import {
  preventedMatchOfRow,
  type PreventedMatchRow,
  preventedMatchRowOf,
} from './prevented-match-row.ts';
import { type OrderJson, orderOfJson, orderToJson } from './order-json.ts';
import { timeOf, timeText } from './order-row.ts';

/** An event as `order_events` keeps it and the bus carries it; its sequence stands beside it. */
export interface OrderEventJson {
  readonly type: OrderEventType;
  readonly order: OrderJson;
  readonly fill: FillRow | null;
  /** Omitted if there is none. */
  readonly preventedMatch?: PreventedMatchRow;
  /** Omitted if there is none. */
  readonly refusedAmend?: RefusedAmend;
  readonly at: string;
}

/** The JSON of an event. */
export function orderEventToJson({
  type,
  order,
  fill,
  preventedMatch,
  refusedAmend,
  at,
}: OrderEvent): OrderEventJson {
  return {
    type,
    order: orderToJson(order),
    fill: fill === null ? null : fillRowOf(fill),
    ...(preventedMatch === null ? {} : { preventedMatch: preventedMatchRowOf(preventedMatch) }),
    ...(refusedAmend === null ? {} : { refusedAmend }),
    at: timeText(at),
  };
}

/** The event of its JSON, which only {@link orderEventToJson} makes. */
export function orderEventOfJson(sequence: bigint, json: unknown): OrderEvent {
  const { type, order, fill, preventedMatch, refusedAmend, at } = json as OrderEventJson;
  return {
    type,
    order: orderOfJson(order),
    fill: fill === null ? null : fillOfRow(fill),
    preventedMatch: preventedMatch === undefined ? null : preventedMatchOfRow(preventedMatch),
    refusedAmend: refusedAmend ?? null,
    sequence,
    at: timeOf(at),
  };
}
