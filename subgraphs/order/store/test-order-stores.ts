import pg from 'pg';
import { createTestDatabase } from '../../../prisma/test-database.ts';
import { openOrderStores, type OrderStores } from './open-order-stores.ts';

/** The order stores on a database of their own, and a way to its rows. */
export interface TestOrderStores {
  readonly databaseUrl: string;
  readonly stores: OrderStores;
  readonly sql: pg.Client;
  readonly close: () => Promise<void>;
}

/** Opens them; the test closes them. */
export async function openTestOrderStores(): Promise<TestOrderStores> {
  const database = await createTestDatabase('order');
  const databaseUrl = database.url;
  const stores = openOrderStores({ databaseUrl, onConnectionError: () => undefined });
  const sql = new pg.Client({ connectionString: databaseUrl });
  await sql.connect();
  return {
    ...{ databaseUrl, stores, sql },
    close: async () => {
      await sql.end();
      await stores.close();
      await database.drop();
    },
  };
}
