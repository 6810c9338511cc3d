import type { PreparedStatements } from '#shared/store/prepared-statements.ts';
import type { OrderId } from '#shared/domain/ids.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import type { ClientOrderKey } from '../domain/ports/order-journal.ts';
import type { OrderQueries } from './order-queries.ts';

/** Looks up the orders that commands name. */
export class OrderLookups {
  readonly #queries: OrderQueries;
  readonly #statements: PreparedStatements;

  constructor(queries: OrderQueries, statements: PreparedStatements) {
    this.#queries = queries;
    this.#statements = statements;
  }

  /** Those that there are, in any order. */
  ordersById(ids: readonly OrderId[]): Promise<readonly RecordedOrder[]> {
    return this.#queries.ordersById(ids);
  }

  /**
   * The existing ones, in any order. Every new order is looked up, and hardly any exists. So the first query only
   * checks whether any does, which the index alone can answer.
   */
  async ordersByClientOrderId(keys: readonly ClientOrderKey[]): Promise<readonly RecordedOrder[]> {
    const accountIds = keys.map(({ accountId }) => accountId);
    const clientOrderIds = keys.map(({ clientOrderId }) => clientOrderId);
    const found = await this.#statements.run(Prisma.sql`
      SELECT 1 FROM unnest(${accountIds}::text[], ${clientOrderIds}::text[])
        AS key(account_id, client_order_id)
      CROSS JOIN LATERAL (
        SELECT FROM orders o
        WHERE o.account_id = key.account_id AND o.client_order_id = key.client_order_id
        LIMIT 1
      ) AS found
      LIMIT 1`);
    return found.length === 0 ? [] : this.#queries.ordersByClientOrderId(keys);
  }
}
