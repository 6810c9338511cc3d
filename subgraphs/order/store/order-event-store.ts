import type { AccountId } from '#shared/domain/ids.ts';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import type { OrderEvents, OrderSnapshot, StoredOrderEvent } from '../domain/order-events.ts';
import { FILL_COLUMNS, fillOfRow, type FillRow } from './fill-row.ts';
import { ORDER_COLUMNS, orderOfRow, type OrderRow } from './order-row.ts';

const SNAPSHOT_FILLS = 50;

/** The accounts' event streams in PostgreSQL, written by the journal's turns. */
export class PostgresOrderEvents implements OrderEvents {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async snapshot(accountId: AccountId) {
    const [orders, fills, sequences] = await this.#prisma.$transaction(
      [
        this.#prisma.$queryRaw<OrderRow[]>`
          SELECT ${ORDER_COLUMNS} FROM orders o
          WHERE o.account_id = ${accountId}
            AND o.closed_at IS NULL
          ORDER BY o.created_sequence DESC`,
        this.#prisma.$queryRaw<FillRow[]>`
          SELECT ${FILL_COLUMNS} FROM fills f
          WHERE f.account_id = ${accountId} ORDER BY f.sequence DESC LIMIT ${SNAPSHOT_FILLS}`,
        this.#prisma.$queryRaw<{ sequence: bigint }[]>`
          SELECT sequence FROM account_sequences WHERE account_id = ${accountId}`,
      ],
      { isolationLevel: 'RepeatableRead' },
    );
    const snapshot: OrderSnapshot = {
      accountId,
      openOrders: orders.map(orderOfRow),
      fills: fills.map(fillOfRow),
    };
    return { sequence: sequences[0]?.sequence ?? 0n, snapshot };
  }

  readEvents(
    accountId: AccountId,
    afterSequence: bigint,
    limit: number,
  ): Promise<readonly StoredOrderEvent[]> {
    return this.#prisma.$queryRaw<StoredOrderEvent[]>`
      SELECT sequence, event FROM order_events
      WHERE account_id = ${accountId} AND sequence > ${afterSequence}
      ORDER BY sequence LIMIT ${limit}`;
  }

  async lastSequence(accountId: AccountId): Promise<bigint> {
    const rows = await this.#prisma.$queryRaw<{ sequence: bigint }[]>`
      SELECT sequence FROM account_sequences WHERE account_id = ${accountId}`;
    return rows[0]?.sequence ?? 0n;
  }
}
