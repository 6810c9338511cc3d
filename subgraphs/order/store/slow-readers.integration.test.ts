import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { parseOrderId, trusted } from '#shared/domain/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../../prisma/test-database.ts';
import { openOrderStores, type OrderStores } from './open-order-stores.ts';

/** Several times the number of connections. */
const READERS = 60;

let database: TestDatabase;
let stores: OrderStores;
let sql: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase('order');
  stores = openOrderStores({ databaseUrl: database.url, onConnectionError: () => undefined });
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await stores.close();
  await database.drop();
});

it('slow readers do not keep the owner of the books from its lease or its outbox', async () => {
  expect(await stores.lease.take()).toBe(true);
  // The table is locked, so that each read takes as long as a statement can.
  await sql.query('BEGIN');
  await sql.query('LOCK TABLE prevented_matches IN ACCESS EXCLUSIVE MODE');
  const id = trusted(parseOrderId, 'any');
  const readers = Array.from({ length: READERS }, () =>
    stores.queries.firstPreventedMatches([id], 1).catch(() => 'failed'),
  );
  expect(await stores.lease.renew()).toBe(true);
  expect(await stores.outbox.unsent(1)).toEqual([]);
  await sql.query('ROLLBACK');
  await Promise.all(readers);
});
