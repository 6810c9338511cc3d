import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrderId } from '#shared/domain/ids.ts';
import { PresentWrite } from '#shared/store/present-write.ts';
import { createTestDatabase, type TestDatabase } from '../../../prisma/test-database.ts';
import { rowsRead, statementOf } from '../../../prisma/test-rows-read.ts';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { OrderQueries } from './order-queries.ts';

// Measures the cost of a page of one order that has met thousands of others.

const LONG = 'o-1' as OrderId;
const OTHER = 'o-2' as OrderId;
const MET = 10_000;
const PAGE = 51;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('order');
  await database.sql(`
    INSERT INTO orders (id, account_id, client_order_id, created_sequence, symbol, side, order_type, time_in_force,
      quantity, limit_price, status, filled_quantity, filled_notional, fees, hold_asset, hold_placed, hold_remaining,
      worst_price, maker_fee_rate, taker_fee_rate, cancel_reason, created_at, updated_at, closed_at)
    SELECT 'o-' || n, 'busy', 'c-' || n, n, 'BTC-USDT', 'BUY', 'LIMIT', 'GTC', 1, 10, 'CANCELED', 0, 0, 0, 'USDT', 10,
      0, 10, 0, 0, 'USER_REQUEST', now(), now(), now()
    FROM generate_series(1, 2) n`);
  await database.sql(`
    INSERT INTO fills (id, trade_id, order_id, account_id, symbol, side, price, quantity, quote_quantity, fee, fee_rate,
      liquidity_side, sequence, executed_at)
    SELECT 'f-' || n, 't-' || n, 'o-' || 1 + n % 2, 'busy', 'BTC-USDT', 'BUY', 1, 1, 1, 0, 0, 'TAKER', n,
      to_timestamp(n)
    FROM generate_series(1, ${2 * MET}) n`);
  await database.sql(`
    INSERT INTO prevented_matches (id, account_id, symbol, taker_order_id, maker_order_id, mode, price, taker_quantity,
      maker_quantity, at)
    SELECT 'm-' || n, 'busy', 'BTC-USDT', 'o-' || 1 + n % 2, 'o-' || 2 - n % 2, 'DECREMENT', 1, 1, 1, to_timestamp(n)
    FROM generate_series(1, ${MET}) n`);
  await database.sql('ANALYZE orders, fills, prevented_matches');
});
afterAll(() => database.drop());

/** No turn is being stored. */
const AT_REST = new PresentWrite();
const reading = (read: (queries: OrderQueries) => Promise<unknown>) =>
  statementOf((prisma: PrismaClient) =>
    read(new OrderQueries(prisma, AT_REST)).catch(() => undefined),
  );

describe('what is read of orders that have met thousands of others', () => {
  it.each<[string, (queries: OrderQueries) => Promise<unknown>, number]>([
    ['the first fills', (queries) => queries.firstFillsOfOrders([LONG, OTHER], PAGE), 2 * PAGE],
    [
      'a page of fills',
      (queries) => queries.fillPagesOfOrders([LONG, OTHER], { limit: PAGE, after: 9000n }),
      2 * PAGE,
    ],
    [
      'the first prevented matches, on either side',
      (queries) => queries.firstPreventedMatches([LONG, OTHER], PAGE),
      4 * PAGE + 2,
    ],
    [
      'a page of prevented matches, on either side',
      (queries) =>
        queries.preventedMatchPages([LONG, OTHER], {
          limit: PAGE,
          after: { at: 5_000_000, id: 'm-5000' },
        }),
      4 * PAGE + 2,
    ],
  ])('is no more than needed for %s', async (_, read, most) => {
    const rows = await rowsRead(database, await reading(read));
    expect([rows > 0, rows <= most]).toEqual([true, true]);
  });
});
