import type {
  AccountId,
  AssetCode,
  ClientOrderId,
  InstrumentSymbol,
  OrderId,
} from '#shared/domain/ids.ts';
import { type Money, moneyOfUnits } from '#shared/domain/money.ts';
import type { PresentWrite } from '#shared/store/present-write.ts';
import { Prisma, type PrismaClient } from '../__generated__/prisma/client.ts';
import type { Period } from '#shared/domain/period.ts';
import type { RecordedFill, RecordedOrder } from '../domain/order-event.ts';
import type { ClientOrderKey } from '../domain/ports/order-journal.ts';
import type {
  FillFilter,
  OrderFilter,
  PageAsk,
  TimedPosition,
} from '../domain/ports/order-reads.ts';
import { isClosedStatus, type OrderStatus } from '../domain/order.ts';
import type { LastPrice } from '../domain/last-price.ts';
import type { PreventedMatch } from '../domain/prevented-match.ts';
import type { Position } from '../domain/position.ts';
import type { TradingStatementKey, TradingStatementOutcome } from '../domain/trading-statement.ts';
import { FILL_COLUMNS, fillOfRow, type FillRow } from './fill-row.ts';
import { LAST_PRICE_COLUMNS, lastPriceOfRow, type LastPriceRow } from './last-price-row.ts';
import { readFirstPreventedMatches, readPreventedMatchPages } from './prevented-matches.ts';
import { ORDER_COLUMNS, orderOfRow, type OrderRow } from './order-row.ts';
import { unitsOf } from './stored-decimal.ts';
import { POSITION_COLUMNS, positionOfRow, type PositionRow } from './position-row.ts';
import { type TimedList, within } from './timed-list.ts';
import { readTradingStatements } from './trading-statements.ts';

const CREATED_ORDERS: TimedList = {
  table: Prisma.sql`orders`,
  sequence: Prisma.sql`created_sequence`,
  time: Prisma.sql`created_at`,
};
const EXECUTED_FILLS: TimedList = {
  table: Prisma.sql`fills`,
  sequence: Prisma.sql`sequence`,
  time: Prisma.sql`executed_at`,
};
/** The account of a list, in a statement for many accounts. */
const ACCOUNT = Prisma.sql`key.account_id`;

/** Reads orders, fills and positions, each in one statement, however many keys there are. */
export class OrderQueries {
  readonly #prisma: PrismaClient;
  readonly #turns: PresentWrite;

  constructor(prisma: PrismaClient, turns: PresentWrite) {
    this.#prisma = prisma;
    this.#turns = turns;
  }

  /** Those that there are, in any order. */
  async ordersById(ids: readonly OrderId[]): Promise<readonly RecordedOrder[]> {
    const rows = await this.#prisma.$queryRaw<OrderRow[]>`
      SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.id = ANY(${ids})`;
    return rows.map(orderOfRow);
  }

  /** Those that there are, in any order. */
  async ordersByClientOrderId(keys: readonly ClientOrderKey[]): Promise<readonly RecordedOrder[]> {
    const accountIds = keys.map(({ accountId }) => accountId);
    const clientOrderIds = keys.map(({ clientOrderId }) => clientOrderId);
    const rows = await this.#prisma.$queryRaw<OrderRow[]>`
      SELECT found.* FROM unnest(${accountIds}::text[], ${clientOrderIds}::text[])
        AS key(account_id, client_order_id)
      CROSS JOIN LATERAL (
        SELECT ${ORDER_COLUMNS} FROM orders o
        WHERE o.account_id = key.account_id AND o.client_order_id = key.client_order_id
        LIMIT 1
      ) AS found`;
    return rows.map(orderOfRow);
  }

  /** The newest orders of each account after the page's cursor. */
  async orderPages(
    accountIds: readonly AccountId[],
    filter: OrderFilter,
    page: PageAsk,
  ): Promise<readonly RecordedOrder[]> {
    await this.#isOver(filter);
    const conditions = Prisma.join(
      [
        Prisma.sql`o.account_id = key.account_id`,
        ...orderConditions(filter),
        ...within(CREATED_ORDERS, ACCOUNT, filter.period),
        ...afterCursor('o', page),
      ],
      ' AND ',
    );
    const rows = await this.#prisma.$queryRaw<OrderRow[]>`
      SELECT page.* FROM unnest(${accountIds}::text[]) AS key(account_id)
      CROSS JOIN LATERAL (
        SELECT ${ORDER_COLUMNS} FROM orders o WHERE ${conditions}
        ORDER BY o.account_id, o.created_sequence DESC LIMIT ${page.limit}
      ) page`;
    return rows.map(orderOfRow);
  }

  /** The oldest fills of each order, oldest first, no more of each than the limit. */
  async firstFillsOfOrders(
    orderIds: readonly OrderId[],
    limit: number,
  ): Promise<readonly RecordedFill[]> {
    const rows = await this.#prisma.$queryRaw<FillRow[]>`
      SELECT oldest.* FROM unnest(${orderIds}::text[]) AS key(order_id)
      CROSS JOIN LATERAL (
        SELECT ${FILL_COLUMNS} FROM fills f
        WHERE f.order_id = key.order_id ORDER BY f.sequence LIMIT ${limit}
      ) oldest ORDER BY oldest.sequence::bigint`;
    return rows.map(fillOfRow);
  }

  /** The newest fills of each order after the page's cursor. */
  async fillPagesOfOrders(
    orderIds: readonly OrderId[],
    page: PageAsk,
  ): Promise<readonly RecordedFill[]> {
    const conditions = Prisma.join(
      [Prisma.sql`f.order_id = key.order_id`, ...afterCursor('f', page)],
      ' AND ',
    );
    const rows = await this.#prisma.$queryRaw<FillRow[]>`
      SELECT page.* FROM unnest(${orderIds}::text[]) AS key(order_id)
      CROSS JOIN LATERAL (
        SELECT ${FILL_COLUMNS} FROM fills f WHERE ${conditions}
        ORDER BY f.sequence DESC LIMIT ${page.limit}
      ) page ORDER BY page.sequence::bigint DESC`;
    return rows.map(fillOfRow);
  }

  /** The newest fills of each account after the page's cursor. */
  async fillPages(
    accountIds: readonly AccountId[],
    { symbol, period }: FillFilter,
    page: PageAsk,
  ): Promise<readonly RecordedFill[]> {
    await this.#isOver({ period });
    const ofSymbol = symbol === null ? [] : [Prisma.sql`f.symbol = ${symbol}`];
    const conditions = Prisma.join(
      [
        Prisma.sql`f.account_id = key.account_id`,
        ...ofSymbol,
        ...within(EXECUTED_FILLS, ACCOUNT, period),
        ...afterCursor('f', page),
      ],
      ' AND ',
    );
    const rows = await this.#prisma.$queryRaw<FillRow[]>`
      SELECT page.* FROM unnest(${accountIds}::text[]) AS key(account_id)
      CROSS JOIN LATERAL (
        SELECT ${FILL_COLUMNS} FROM fills f WHERE ${conditions}
        ORDER BY f.account_id, f.sequence DESC LIMIT ${page.limit}
      ) page`;
    return rows.map(fillOfRow);
  }

  /** The volumes of accounts since a day in instruments quoted in an asset; accounts without a trade are omitted. */
  async volumesSince(
    accountIds: readonly AccountId[],
    asset: AssetCode,
    firstDay: number,
  ): Promise<ReadonlyMap<AccountId, Money>> {
    const rows = await this.#prisma.$queryRaw<{ account_id: AccountId; volume: string }[]>`
      SELECT v.account_id, sum(v.volume)::text AS volume FROM daily_volumes v
      WHERE v.account_id = ANY(${accountIds}) AND v.asset_code = ${asset} AND v.day >= ${firstDay}
      GROUP BY v.account_id`;
    return new Map(rows.map((row) => [row.account_id, moneyOfUnits(unitsOf(row.volume))]));
  }

  /** See {@link readFirstPreventedMatches}. */
  firstPreventedMatches(
    orderIds: readonly OrderId[],
    limit: number,
  ): Promise<ReadonlyMap<OrderId, readonly PreventedMatch[]>> {
    return readFirstPreventedMatches(this.#prisma, orderIds, limit);
  }

  /** See {@link readPreventedMatchPages}. */
  preventedMatchPages(
    orderIds: readonly OrderId[],
    page: PageAsk<TimedPosition>,
  ): Promise<ReadonlyMap<OrderId, readonly PreventedMatch[]>> {
    return readPreventedMatchPages(this.#prisma, orderIds, page);
  }

  /** See {@link readTradingStatements}. */
  async tradingStatements(
    keys: readonly TradingStatementKey[],
  ): Promise<readonly TradingStatementOutcome[]> {
    await this.#isOver(...keys);
    return readTradingStatements(this.#prisma, keys);
  }

  /** The last prices of these instruments on the book; instruments without a trade are omitted. */
  async lastPrices(symbols: readonly InstrumentSymbol[]): Promise<readonly LastPrice[]> {
    const rows = await this.#prisma.$queryRaw<LastPriceRow[]>`
      SELECT ${LAST_PRICE_COLUMNS} FROM last_prices l WHERE l.symbol = ANY(${symbols})`;
    return rows.map(lastPriceOfRow);
  }

  /** All positions of these accounts, by symbol. */
  async positionsOfAccounts(accountIds: readonly AccountId[]): Promise<readonly Position[]> {
    const rows = await this.#prisma.$queryRaw<PositionRow[]>`
      SELECT ${POSITION_COLUMNS} FROM positions p
      WHERE p.account_id = ANY(${accountIds}) ORDER BY p.symbol`;
    return rows.map(positionOfRow);
  }

  /** Resolves once nothing more is stored of the part of these periods that is past. */
  async #isOver(...asked: readonly { readonly period: Period }[]): Promise<void> {
    if (asked.some(({ period }) => period.to !== null)) await this.#turns.past();
  }
}

function orderConditions({ symbol, statuses, isOpen, ...filter }: OrderFilter): Prisma.Sql[] {
  const { isClosed, clientOrderIds } = filter;
  const open = Prisma.sql`o.status IN ('ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED', 'PENDING_UPDATE')`;
  // This follows from the status, and lets an index find the few open orders without reading ended ones.
  const isLive =
    isOpen === true ||
    isClosed === false ||
    (statuses?.every((status) => !isClosedStatus(status)) ?? false);
  return [
    ...(symbol === null ? [] : [Prisma.sql`o.symbol = ${symbol}`]),
    ...(statuses === null ? [] : [Prisma.sql`o.status::text = ANY(${statuses})`]),
    ...(isOpen === null ? [] : [isOpen ? open : Prisma.sql`NOT (${open})`]),
    ...(isLive ? [Prisma.sql`o.closed_at IS NULL`] : []),
    ...(isClosed === true ? [Prisma.sql`o.closed_at IS NOT NULL`] : []),
    ...(statuses === null ? [] : endedBy(statuses)),
    ...(clientOrderIds === null ? [] : [named(clientOrderIds)]),
  ];
}

/** Orders by their client's ids: an array of their own ids, so that no index is walked through to find them. */
function named(clientOrderIds: readonly ClientOrderId[]): Prisma.Sql {
  return Prisma.sql`o.id = ANY(ARRAY(
    SELECT n.id FROM orders n
    WHERE n.account_id = ${ACCOUNT} AND n.client_order_id = ANY(${clientOrderIds})
  ))`;
}

/** A column that is set for exactly one rare final status; each such column has its own index. */
const RARE_ENDS: Partial<Record<OrderStatus, Prisma.Sql>> = {
  DENIED: Prisma.sql`o.violations IS NOT NULL`,
  REJECTED: Prisma.sql`o.reject_reason IS NOT NULL`,
  EXPIRED: Prisma.sql`o.expire_reason IS NOT NULL`,
};

/** A condition that follows from the statuses if all of them are rare; empty otherwise. */
function endedBy(statuses: readonly OrderStatus[]): Prisma.Sql[] {
  const ends = statuses.flatMap((status) => RARE_ENDS[status] ?? []);
  if (ends.length === 0 || ends.length < statuses.length) return [];
  return [Prisma.sql`(${Prisma.join(ends, ' OR ')})`];
}

function afterCursor(alias: 'o' | 'f', { after }: PageAsk): Prisma.Sql[] {
  if (after === null) return [];
  return alias === 'o'
    ? [Prisma.sql`o.created_sequence < ${after}`]
    : [Prisma.sql`f.sequence < ${after}`];
}
