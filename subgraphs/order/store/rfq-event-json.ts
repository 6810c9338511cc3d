import type { RfqId } from '#shared/domain/ids.ts';
import type { RfqEvent, RfqEventType } from '../domain/rfq/rfq-event.ts';
import type { RfqStatus } from '../domain/rfq/rfq.ts';
import { timeOf, timeText } from './order-row.ts';
import { rfqQuoteOfRow, type RfqQuoteRow, rfqQuoteRowOf } from './rfq-quote-row.ts';
import { settlementOfRow, type SettlementRow, settlementRowOf } from './settlement-row.ts';

/** An event as `rfq_events` keeps it and the bus carries it; its sequence stands beside it. */
export interface RfqEventJson {
  readonly rfqId: RfqId;
  readonly type: RfqEventType;
  readonly status: RfqStatus;
  /** Omitted if there is none. */
  readonly quote?: RfqQuoteRow;
  /** Omitted if there is none. */
  readonly settlement?: SettlementRow;
  readonly at: string;
}

/** The JSON of an event. */
export function rfqEventToJson({
  rfqId,
  type,
  status,
  quote,
  settlement,
  at,
}: RfqEvent): RfqEventJson {
  return {
    rfqId,
    type,
    status,
    ...(quote === null ? {} : { quote: rfqQuoteRowOf(quote) }),
    ...(settlement === null ? {} : { settlement: settlementRowOf(settlement) }),
    at: timeText(at),
  };
}

/** The event of its JSON, which only {@link rfqEventToJson} makes. */
export function rfqEventOfJson(sequence: bigint, json: unknown): RfqEvent {
  const { rfqId, type, status, quote, settlement, at } = json as RfqEventJson;
  return {
    rfqId,
    type,
    status,
    quote: quote === undefined ? null : rfqQuoteOfRow(quote),
    settlement: settlement === undefined ? null : settlementOfRow(settlement),
    sequence,
    at: timeOf(at),
  };
}
