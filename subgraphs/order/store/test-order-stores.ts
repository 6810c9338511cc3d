import { createTestDatabase, type TestDatabase } from '../../../prisma/test-database.ts';
import { openOrderStores, type OrderStores } from './open-order-stores.ts';

/** The order stores on a database of their own, whose books this process owns. */
export interface TestOrderStores {
  readonly databaseUrl: string;
  readonly stores: OrderStores;
  readonly sql: TestDatabase['sql'];
  /** Closes them, and discards the database. */
  close(): Promise<void>;
}

/** Makes the database and takes the lease of its books. */
export async function openTestOrderStores(): Promise<TestOrderStores> {
  const database = await createTestDatabase('order');
  const { url: databaseUrl, sql } = database;
  const stores = openOrderStores({ databaseUrl, onConnectionError: () => undefined });
  await stores.lease.take();
  return {
    databaseUrl,
    stores,
    sql,
    close: async () => {
      await stores.close();
      await database.drop();
    },
  };
}
