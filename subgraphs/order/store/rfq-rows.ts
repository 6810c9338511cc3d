import { Prisma, type PrismaClient } from '../__generated__/prisma/client.ts';
import type { RfqChanges, RfqRecord } from '../domain/rfq/rfq-changes.ts';
import {
  COMPARISON_TOKEN_COLUMNS,
  comparisonTokenOfRow,
  type ComparisonTokenRow,
  comparisonTokenRowOf,
} from './comparison-token-row.ts';
import { timeText } from './order-row.ts';
import { rfqEventToJson } from './rfq-event-json.ts';
import {
  RFQ_QUOTE_COLUMNS,
  rfqQuoteOfRow,
  type RfqQuoteRow,
  rfqQuoteRowOf,
} from './rfq-quote-row.ts';
import { RFQ_COLUMNS, rfqOfRow, type RfqRow, rfqRowOf } from './rfq-row.ts';
import { insertInto, upsertInto } from './row-writes.ts';
import {
  SETTLEMENT_COLUMNS,
  settlementOfRow,
  type SettlementRow,
  settlementRowOf,
} from './settlement-row.ts';

/** The reads of {@link RfqRecord}, to be run in one transaction with the journal's other reads. */
export function rfqRecordReads(prisma: PrismaClient) {
  return [
    prisma.$queryRaw<RfqRow[]>`
      SELECT ${RFQ_COLUMNS} FROM rfqs r
      WHERE r.closed_at IS NULL
        OR r.id IN (SELECT s.rfq_id FROM settlements s WHERE s.status <> 'SETTLED')`,
    prisma.$queryRaw<RfqQuoteRow[]>`
      SELECT ${RFQ_QUOTE_COLUMNS} FROM rfq_quotes q
      JOIN rfqs r ON r.id = q.rfq_id AND r.closed_at IS NULL ORDER BY q.created_at`,
    prisma.$queryRaw<(SettlementRow & { readonly is_applied: boolean })[]>`
      SELECT ${SETTLEMENT_COLUMNS}, NOT EXISTS (
        SELECT 1 FROM outbox o WHERE o.sent_at IS NULL AND o.payload ->> 'tradeId' = s.id
      ) AS is_applied
      FROM settlements s WHERE s.status <> 'SETTLED'`,
    prisma.$queryRaw<{ last: number; created_at: Date }[]>`
      SELECT number AS last, created_at FROM rfqs ORDER BY number DESC LIMIT 1`,
    prisma.$queryRaw<ComparisonTokenRow[]>`
      SELECT ${COMPARISON_TOKEN_COLUMNS} FROM comparison_tokens c
      WHERE c.expires_at > now() - interval '1 minute'
        OR c.rfq_id IN (SELECT r.id FROM rfqs r WHERE r.closed_at IS NULL)
      ORDER BY c.expires_at`,
  ] as const;
}

/** The journal's record of requests for quote, from the rows that {@link rfqRecordReads} has read. */
export function rfqRecordOf(
  rfqs: readonly RfqRow[],
  quotes: readonly RfqQuoteRow[],
  settlements: readonly (SettlementRow & { readonly is_applied: boolean })[],
  last: number,
  comparisons: readonly ComparisonTokenRow[],
): RfqRecord {
  return {
    rfqs: rfqs.map(rfqOfRow),
    quotes: quotes.map(rfqQuoteOfRow),
    settlements: settlements.map(settlementOfRow),
    appliedTrades: settlements.flatMap(({ id, is_applied }) => (is_applied ? [id] : [])),
    comparisons: comparisons.map(comparisonTokenOfRow),
    lastNumber: last,
  };
}

const upsertRequests = upsertInto(
  Prisma.sql`rfqs`,
  Prisma.sql`id`,
  Prisma.sql`status = EXCLUDED.status, sequence = EXCLUDED.sequence, trader_id = EXCLUDED.trader_id,
    updated_at = EXCLUDED.updated_at, first_quoted_at = EXCLUDED.first_quoted_at,
    closed_at = EXCLUDED.closed_at, quote_id = EXCLUDED.quote_id,
    accepted_side = EXCLUDED.accepted_side, accepted_quantity = EXCLUDED.accepted_quantity,
    accepted_price = EXCLUDED.accepted_price, order_id = EXCLUDED.order_id,
    client_order_id = EXCLUDED.client_order_id, accepted_at = EXCLUDED.accepted_at,
    max_slippage_bps = EXCLUDED.max_slippage_bps, look_mid_price = EXCLUDED.look_mid_price,
    look_move_bps = EXCLUDED.look_move_bps, look_taken_bps = EXCLUDED.look_taken_bps,
    fill_price = EXCLUDED.fill_price, reject_reason = EXCLUDED.reject_reason`,
);

const upsertQuotes = upsertInto(
  Prisma.sql`rfq_quotes`,
  Prisma.sql`id`,
  Prisma.sql`withdrawn_at = EXCLUDED.withdrawn_at`,
);

const upsertSettlements = upsertInto(
  Prisma.sql`settlements`,
  Prisma.sql`id`,
  Prisma.sql`status = EXCLUDED.status, instructed_at = EXCLUDED.instructed_at,
    settled_at = EXCLUDED.settled_at, failed_at = EXCLUDED.failed_at`,
);

const upsertComparisons = upsertInto(
  Prisma.sql`comparison_tokens`,
  Prisma.sql`id`,
  Prisma.sql`used_by = EXCLUDED.used_by`,
);

const insertEvents = insertInto(Prisma.sql`rfq_events`);

/** Stores a turn's changes to requests for quote. */
export function upsertRfqs({
  rfqs,
  quotes,
  settlements,
  comparisons,
  events,
}: RfqChanges): Prisma.Sql[] {
  const rows = events.map((event) => ({
    rfq_id: event.rfqId,
    sequence: event.sequence.toString(),
    event: rfqEventToJson(event),
    at: timeText(event.at),
  }));
  return [
    upsertRequests(rfqs.map(rfqRowOf)),
    upsertQuotes(quotes.map(rfqQuoteRowOf)),
    upsertSettlements(settlements.map(settlementRowOf)),
    upsertComparisons(comparisons.map(comparisonTokenRowOf)),
    insertEvents(rows),
  ];
}
