import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../prisma/test-database.ts';
import { startTestDesk, type TestDesk } from './test-desk.ts';
import type { TestTrader } from './test-trader.ts';

const ROWS = 5000;
/** A connection keeps the plan of a prepared statement when it has run it five times. */
const TIMES = 8;

// A desk that has just been made: plans are kept while its tables are nearly empty, and then the tables grow.
describe('a new desk', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startTestDesk();
    desk.quote({});
  });
  afterAll(() => desk.stop());

  it('reads no table whole when it has become a large one', async () => {
    const seller = await desk.aTrader({ BTC: '1' });
    const buyer = await desk.aTrader({ USDT: '100000' });
    await trade(seller, buyer);
    const { order, account } = desk.databases;
    const names = ['id', 'account_id', 'client_order_id'];
    await order.sql(copies('orders', names, 'closed_at IS NOT NULL'));
    await account.sql(copies('holds', ['id', 'order_id'], `status = 'SETTLED'`));
    await account.sql(copies('funds_commands', ['id'], 'true'));
    await trade(seller, buyer);
    // A connection has counted all that it read when it is closed.
    await desk.order.stop();
    await desk.account.stop();
    expect(await rowsReadWhole(order, ['orders'])).toBeLessThan(ROWS);
    expect(await rowsReadWhole(account, ['holds', 'funds_commands'])).toBeLessThan(ROWS);
  });
});

async function trade(seller: TestTrader, buyer: TestTrader): Promise<void> {
  for (let time = 0; time < TIMES; time += 1) {
    await seller.place(seller.limit('SELL', '0.01', '60000'));
    const taken = await buyer.place(buyer.limit('BUY', '0.01', '60000'));
    expect(taken.order.status).toBe('FILLED');
  }
}

/** Adds many rows like one that is there, each with other texts in these columns. */
function copies(table: string, columns: readonly string[], condition: string): string {
  const others = columns.map((column) => `'${column}', 'copy-' || n`).join(', ');
  return `
    INSERT INTO ${table} SELECT copy.*
    FROM (SELECT to_jsonb(${table}) AS row FROM ${table} WHERE ${condition} LIMIT 1) AS one
    CROSS JOIN generate_series(1, ${ROWS}) AS n
    CROSS JOIN jsonb_populate_record(NULL::${table}, one.row || jsonb_build_object(${others})) AS copy`;
}

/** Rows that were read by reading a table from its beginning to its end. */
async function rowsReadWhole({ sql }: TestDatabase, tables: readonly string[]): Promise<number> {
  const [row] = await sql<{ rows: string }>(
    `SELECT sum(seq_tup_read) AS rows FROM pg_stat_user_tables WHERE relname = ANY($1)`,
    [tables],
  );
  return Number(row?.rows);
}
