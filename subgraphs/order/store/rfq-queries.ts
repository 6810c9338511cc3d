import type { AccountId, QuoteId, RfqId } from '#shared/domain/ids.ts';
import { Prisma, type PrismaClient } from '../__generated__/prisma/client.ts';
import type { PageAsk, TimedPosition } from '../domain/ports/order-reads.ts';
import type { RfqEvents } from '../domain/rfq/rfq-events.ts';
import type { RfqQuote } from '../domain/rfq/rfq-quote.ts';
import type { ClientRfqKey, RfqFilter } from '../domain/rfq/rfq-reads.ts';
import { isClosedRfqStatus, type Rfq } from '../domain/rfq/rfq.ts';
import type { Settlement } from '../domain/rfq/settlement.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { PreparedStatements } from '#shared/store/prepared-statements.ts';
import type { PresentWrite } from '#shared/store/present-write.ts';
import { RFQ_QUOTE_COLUMNS, rfqQuoteOfRow, type RfqQuoteRow } from './rfq-quote-row.ts';
import { RFQ_COLUMNS, rfqOfRow, type RfqRow } from './rfq-row.ts';
import { SETTLEMENT_COLUMNS, settlementOfRow, type SettlementRow } from './settlement-row.ts';
import { type TimedList, within } from './timed-list.ts';

const CREATED_RFQS: TimedList = {
  table: Prisma.sql`rfqs`,
  sequence: Prisma.sql`number`,
  time: Prisma.sql`created_at`,
};

/** The account whose page is read. */
const ACCOUNT = Prisma.sql`key.account_id`;

interface SnapshotRow {
  readonly rfq: RfqRow;
  readonly quotes: readonly RfqQuoteRow[];
  readonly settlement: SettlementRow | null;
}

/** Reads requests for quote and their event streams, each in one statement. */
export class RfqQueries implements RfqEvents {
  readonly #prisma: PrismaClient;
  readonly #statements: PreparedStatements;
  readonly #turns: PresentWrite;

  constructor(prisma: PrismaClient, statements: PreparedStatements, turns: PresentWrite) {
    this.#prisma = prisma;
    this.#statements = statements;
    this.#turns = turns;
  }

  /** The existing requests, in any order. */
  async rfqsById(ids: readonly RfqId[]): Promise<readonly Rfq[]> {
    const rows = await this.#statements.run<RfqRow>(Prisma.sql`
      SELECT ${RFQ_COLUMNS} FROM rfqs r WHERE r.id = ANY(${ids})`);
    return rows.map(rfqOfRow);
  }

  /**
   * Null if there is none. Every new request is looked up, and hardly any exists, so only the id is read at first.
   */
  async rfqByClientRfqId({ accountId, clientRfqId }: ClientRfqKey): Promise<Rfq | null> {
    const [found] = await this.#statements.run<{ id: RfqId }>(Prisma.sql`
      SELECT r.id FROM rfqs r
      WHERE r.account_id = ${accountId} AND r.client_rfq_id = ${clientRfqId}`);
    if (found === undefined) return null;
    const [rfq] = await this.rfqsById([found.id]);
    return rfq ?? null;
  }

  /** The newest requests of each account after the page's cursor. */
  async rfqPages(
    accountIds: readonly AccountId[],
    { symbol, statuses, period }: RfqFilter,
    { limit, after }: PageAsk,
  ): Promise<readonly Rfq[]> {
    if (period.to !== null) await this.#turns.past();
    // This follows from the status, and lets an index find the few open requests without reading closed ones.
    const isUnclosed = statuses?.every((status) => !isClosedRfqStatus(status)) ?? false;
    const conditions = Prisma.join(
      [
        Prisma.sql`r.account_id = ${ACCOUNT}`,
        ...(isUnclosed ? [Prisma.sql`r.closed_at IS NULL`] : []),
        ...(symbol === null ? [] : [Prisma.sql`r.symbol = ${symbol}`]),
        ...(statuses === null ? [] : [Prisma.sql`r.status::text = ANY(${statuses})`]),
        ...within(CREATED_RFQS, ACCOUNT, period),
        ...(after === null ? [] : [Prisma.sql`r.number < ${after}::bigint`]),
      ],
      ' AND ',
    );
    const rows = await this.#prisma.$queryRaw<RfqRow[]>`
      SELECT page.* FROM unnest(${accountIds}::text[]) AS key(account_id)
      CROSS JOIN LATERAL (
        SELECT ${RFQ_COLUMNS} FROM rfqs r WHERE ${conditions}
        ORDER BY r.account_id, r.number DESC LIMIT ${limit}
      ) page`;
    return rows.map(rfqOfRow);
  }

  /** All accounts' open and quoted requests, oldest first. */
  async openRfqs(): Promise<readonly Rfq[]> {
    const rows = await this.#prisma.$queryRaw<RfqRow[]>`
      SELECT ${RFQ_COLUMNS} FROM rfqs r
      WHERE r.closed_at IS NULL AND r.status IN ('OPEN', 'QUOTED') ORDER BY r.number`;
    return rows.map(rfqOfRow);
  }

  /** A request's quote with this id; null if there is none. */
  async quote(rfqId: RfqId, quoteId: QuoteId): Promise<RfqQuote | null> {
    const [row] = await this.#statements.run<RfqQuoteRow>(Prisma.sql`
      SELECT ${RFQ_QUOTE_COLUMNS} FROM rfq_quotes q WHERE q.id = ${quoteId} AND q.rfq_id = ${rfqId}`);
    return row === undefined ? null : rfqQuoteOfRow(row);
  }

  /** The newest quotes of each request after the page's cursor, newest first. */
  async quotePages(
    rfqIds: readonly RfqId[],
    { limit, after }: PageAsk<TimedPosition>,
  ): Promise<readonly RfqQuote[]> {
    const isAfter =
      after === null
        ? Prisma.empty
        : Prisma.sql`AND (q.created_at, q.id) < (${new Date(after.at)}, ${after.id})`;
    const rows = await this.#statements.run<RfqQuoteRow>(Prisma.sql`
      SELECT page.* FROM unnest(${rfqIds}::text[]) AS key(rfq_id)
      CROSS JOIN LATERAL (
        SELECT ${RFQ_QUOTE_COLUMNS} FROM rfq_quotes q WHERE q.rfq_id = key.rfq_id ${isAfter}
        ORDER BY q.created_at DESC, q.id DESC LIMIT ${limit}
      ) page`);
    return rows.map(rfqQuoteOfRow);
  }

  /** The settlements of these requests; requests without a trade have none. */
  async settlementsOfRfqs(ids: readonly RfqId[]): Promise<readonly Settlement[]> {
    const rows = await this.#statements.run<SettlementRow>(Prisma.sql`
      SELECT ${SETTLEMENT_COLUMNS} FROM settlements s WHERE s.rfq_id = ANY(${ids})`);
    return rows.map(settlementOfRow);
  }

  /** See {@link RfqEvents.snapshot}. One statement sees one moment, and needs no transaction around it. */
  async snapshot(rfqId: RfqId, nowMs: number) {
    const [row] = await this.#statements.run<SnapshotRow>(Prisma.sql`
      SELECT to_json(r) AS rfq, q.quotes, s.settlement
      FROM (SELECT ${RFQ_COLUMNS} FROM rfqs r WHERE r.id = ${rfqId}) r
      CROSS JOIN LATERAL (
        SELECT coalesce(json_agg(firm ORDER BY firm.created_at DESC), '[]') AS quotes
        FROM (
          SELECT ${RFQ_QUOTE_COLUMNS} FROM rfq_quotes q
          WHERE q.rfq_id = r.id AND r.status IN ('OPEN', 'QUOTED')
            AND q.valid_until > ${new Date(nowMs)} AND q.withdrawn_at IS NULL
        ) firm
      ) q
      LEFT JOIN LATERAL (
        SELECT to_json(one) AS settlement
        FROM (SELECT ${SETTLEMENT_COLUMNS} FROM settlements s WHERE s.rfq_id = r.id) one
      ) s ON true`);
    invariant(row !== undefined, `request for quote ${rfqId} is gone`);
    const rfq = rfqOfRow(row.rfq);
    const settlement = row.settlement === null ? null : settlementOfRow(row.settlement);
    const quotes = row.quotes.map(rfqQuoteOfRow);
    return { sequence: BigInt(rfq.sequence), snapshot: { rfq, quotes, settlement } };
  }

  /** See {@link RfqEvents.readEvents}. */
  async readEvents(rfqId: RfqId, afterSequence: bigint, limit: number) {
    const rows = await this.#statements.run<{ sequence: string; event: unknown }>(Prisma.sql`
      SELECT sequence, event FROM rfq_events
      WHERE rfq_id = ${rfqId} AND sequence > ${afterSequence} ORDER BY sequence LIMIT ${limit}`);
    return rows.map(({ sequence, event }) => ({ sequence: BigInt(sequence), event }));
  }

  /** See {@link RfqEvents.lastSequence}. */
  async lastSequence(rfqId: RfqId): Promise<bigint> {
    const rows = await this.#statements.run<{ sequence: number }>(Prisma.sql`
      SELECT sequence FROM rfqs WHERE id = ${rfqId}`);
    return BigInt(rows[0]?.sequence ?? 0);
  }
}
