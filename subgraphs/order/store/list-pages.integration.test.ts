import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId, ClientOrderId, InstrumentSymbol } from '#shared/domain/ids.ts';
import { PreparedStatements } from '#shared/store/prepared-statements.ts';
import { PresentWrite } from '#shared/store/present-write.ts';
import type { Period } from '#shared/domain/period.ts';
import { createTestDatabase, type TestDatabase } from '../../../prisma/test-database.ts';
import { rowsRead, statementOf } from '../../../prisma/test-rows-read.ts';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import type { OrderFilter } from '../domain/ports/order-reads.ts';
import type { RfqFilter } from '../domain/rfq/rfq-reads.ts';
import { OrderQueries } from './order-queries.ts';
import { RfqQueries } from './rfq-queries.ts';
import { RfqStatisticsQueries } from './rfq-statistics-queries.ts';

// Measures the cost of a page for an account with a long history, few open orders, and few orders in one instrument.

const BUSY = 'busy' as AccountId;
const HISTORY = 20_000;
const PAGE = { limit: 51, after: null };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('order');
  await database.sql(`
    INSERT INTO orders (id, account_id, client_order_id, created_sequence, symbol, side, order_type, time_in_force,
      quantity, limit_price, status, filled_quantity, filled_notional, fees, hold_asset, hold_placed, hold_remaining,
      worst_price, maker_fee_rate, taker_fee_rate, cancel_reason, reject_reason, expire_reason, priority, created_at,
      updated_at, closed_at)
    SELECT 'o-' || n, 'busy', 'c-' || n, n, CASE WHEN n % 5000 = 2 THEN 'ETH-USDT' ELSE 'BTC-USDT' END, 'BUY',
      'LIMIT', 'GTC', 1, 10, (CASE n % 5000 WHEN 1 THEN 'ACCEPTED' WHEN 3 THEN 'REJECTED' WHEN 4 THEN 'EXPIRED'
        ELSE 'CANCELED' END)::"OrderStatus", 0, 0, 0,
      'USDT', 10, CASE WHEN n % 5000 = 1 THEN 10 ELSE 0 END, 10, 0, 0,
      CASE WHEN n % 5000 NOT IN (1, 3, 4) THEN 'USER_REQUEST' END,
      CASE WHEN n % 5000 = 3 THEN 'POST_ONLY_WOULD_TAKE' END,
      CASE WHEN n % 5000 = 4 THEN 'EXPIRE_TIME_REACHED' END, CASE WHEN n % 5000 = 1 THEN n END,
      to_timestamp(n), now(),
      CASE WHEN n % 5000 = 1 THEN NULL ELSE now() END
    FROM generate_series(1, ${HISTORY}) n`);
  await database.sql(`
    INSERT INTO fills (id, trade_id, order_id, account_id, symbol, side, price, quantity, quote_quantity, fee, fee_rate,
      liquidity_side, sequence, executed_at)
    SELECT 'f-' || n, 't-' || n, 'o-' || n, 'busy', 'BTC-USDT', 'BUY', 1, 1, 1, 0, 0, 'TAKER', n, to_timestamp(n)
    FROM generate_series(1, ${HISTORY}) n`);
  await database.sql(`
    INSERT INTO rfqs (id, account_id, client_rfq_id, number, symbol, quantity, status, sequence, created_at, expires_at,
      updated_at, closed_at)
    SELECT 'r-' || n, 'busy', 'c-' || n, n, CASE WHEN n % 5000 = 2 THEN 'ETH-USDT' ELSE 'BTC-USDT' END, 1,
      (CASE WHEN n = 1 THEN 'OPEN' ELSE 'EXPIRED' END)::"RfqStatus", 1, to_timestamp(n), now(), now(),
      CASE WHEN n = 1 THEN NULL ELSE now() END
    FROM generate_series(1, ${HISTORY}) n`);
  await database.sql('ANALYZE orders, fills, rfqs');
});
afterAll(() => database.drop());

/** No turn is being stored. */
const AT_REST = new PresentWrite();
const EVER = { from: null, to: null };
const ALL: OrderFilter = {
  ...{ symbol: null, statuses: null, isOpen: null, isClosed: null, clientOrderIds: null },
  period: EVER,
};
/** The rows read to find each end of a period. */
const END = 1;
const ETH = 'ETH-USDT' as InstrumentSymbol;
/** The ids of old orders, far apart. */
const named = (count: number) =>
  Array.from({ length: count }, (_, index) => `c-${1 + index * 40}` as ClientOrderId);

describe('a page of orders', () => {
  it.each<[string, Partial<OrderFilter>, number]>([
    ['the newest', {}, PAGE.limit],
    ['those that are open', { isOpen: true }, 4],
    ['those that have not ended', { isClosed: false }, 4],
    ['those of statuses that are open', { statuses: ['SUBMITTED', 'ACCEPTED'] }, 4],
    ['those that were denied', { statuses: ['DENIED'] }, 0],
    ['those that were rejected', { statuses: ['REJECTED'] }, 4],
    ['those that expired', { statuses: ['EXPIRED'] }, 4],
    [
      'those that were denied, rejected or expired',
      { statuses: ['DENIED', 'REJECTED', 'EXPIRED'] },
      8,
    ],
    ['those of an instrument', { symbol: ETH }, 4],
    ['those that are open in an instrument', { symbol: ETH, isOpen: true }, 4],
    ['the newest since a time', { period: { from: 1_000_000, to: null } }, PAGE.limit + END],
    ['the newest before a time', { period: { from: null, to: 100_000 } }, PAGE.limit + END],
    ['a period long ago', { period: { from: 100_000, to: 110_000 } }, 10 + 2 * END],
    ['a period of an instrument', { symbol: ETH, period: { from: 1e6, to: 6e6 } }, 1 + 2 * END],
    ['three by their ids', { clientOrderIds: named(3) }, 2 * 3],
    ['as many by their ids as a page can hold', { clientOrderIds: named(250) }, 2 * 250],
    ['those of them that are open', { clientOrderIds: named(250), isOpen: true }, 250 + 4],
  ])('reads no more rows than needed for %s', async (_, filter, most) => {
    const statement = await statementOf((prisma: PrismaClient) =>
      new OrderQueries(prisma, AT_REST).orderPages([BUSY], { ...ALL, ...filter }, PAGE),
    );
    expect(await rowsRead(database, statement)).toBeLessThanOrEqual(most);
  });
});

describe('a page of fills', () => {
  it.each([
    ['since a time', { from: 1_000_000, to: null }, PAGE.limit + END],
    ['long ago', { from: 100_000, to: 110_000 }, 10 + 2 * END],
  ])('reads no more rows than needed for those %s', async (_, period, most) => {
    const statement = await statementOf((prisma: PrismaClient) =>
      new OrderQueries(prisma, AT_REST).fillPages([BUSY], { symbol: null, period }, PAGE),
    );
    const read = await rowsRead(database, statement);
    expect([read > 2 * END, read <= most]).toEqual([true, true]);
  });
});

describe('a trading statement', () => {
  const reading = (...periods: readonly Period[]) => {
    const keys = periods.map((period) => ({ accountId: BUSY, period }));
    return statementOf((prisma: PrismaClient) =>
      new OrderQueries(prisma, AT_REST).tradingStatements(keys),
    );
  };

  it('counts and adds up the fills of its period, and reads no others', async () => {
    const long = await reading({ from: 100_000, to: 110_000 });
    expect(await rowsRead(database, long)).toBe(2 * 10);
    const recent = await reading({ from: 19_991_000, to: null }, { from: null, to: 6000 });
    expect(await rowsRead(database, recent)).toBe(2 * (10 + 5));
  });

  it('costs one count up to the limit if it is too long, and those after it cost nothing', async () => {
    const one = await rowsRead(database, await reading({ from: 1, to: null }));
    expect(one).toBe(2 * HISTORY);
    const more = await reading({ from: 1, to: null }, EVER, EVER, EVER, EVER);
    // The first statement uses up the limit, so one fill of the second is enough to end the count.
    expect(await rowsRead(database, more)).toBe(2 * HISTORY + 1);
    const first = { from: 0, to: 2000 };
    const third = await reading(first, EVER, EVER, EVER, first);
    expect(await rowsRead(database, third)).toBe(2 * 1 + HISTORY);
  });
});

describe('a page of requests for quote', () => {
  const NEVER_ASKED = new PreparedStatements(new pg.Pool());
  const ALL_RFQS: RfqFilter = { symbol: null, statuses: null, period: EVER };
  /** At each end, the following row shows that no more were made in the same millisecond. */
  const RFQ_END = 2;

  it.each<[string, Partial<RfqFilter>, number]>([
    ['those that are not closed', { statuses: ['OPEN', 'QUOTED'] }, 1],
    ['those of an instrument', { symbol: ETH }, 4],
    ['the newest since a time', { period: { from: 1e6, to: null } }, PAGE.limit + RFQ_END],
    ['the newest before a time', { period: { from: null, to: 1e5 } }, PAGE.limit + RFQ_END],
    ['a period long ago', { period: { from: 100_000, to: 110_000 } }, 10 + 2 * RFQ_END],
    ['a period of an instrument', { symbol: ETH, period: { from: 1e6, to: 6e6 } }, 1 + 2 * RFQ_END],
  ])('reads no more rows than needed for %s', async (_, filter, most) => {
    const statement = await statementOf((prisma: PrismaClient) =>
      new RfqQueries(prisma, NEVER_ASKED, AT_REST).rfqPages(
        [BUSY],
        { ...ALL_RFQS, ...filter },
        PAGE,
      ),
    );
    const read = await rowsRead(database, statement);
    expect([read > 0, read <= most]).toEqual([true, true]);
  });

  it('adds up only the requests of a period', async () => {
    const statement = await statementOf((prisma: PrismaClient) =>
      new RfqStatisticsQueries(prisma, AT_REST).tallies(BUSY, { from: 100_000, to: 110_000 }),
    );
    expect(await rowsRead(database, statement)).toBe(10);
  });
});
