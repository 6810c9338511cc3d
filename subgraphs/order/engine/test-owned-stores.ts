import { createTestDatabase } from '../../../prisma/test-database.ts';
import { openOrderStores, type OrderStores } from '../store/open-order-stores.ts';

/** The stores of an order database of their own, whose books this process owns. */
export interface OwnedStores {
  readonly stores: OrderStores;
  readonly databaseUrl: string;
  /** Closes them, and discards the database. */
  drop(): Promise<void>;
}

/** Makes the database and takes the lease of its books. */
export async function openOwnedStores(): Promise<OwnedStores> {
  const database = await createTestDatabase('order');
  const databaseUrl = database.url;
  const stores = openOrderStores({ databaseUrl, onConnectionError: () => undefined });
  await stores.lease.take();
  return {
    ...{ stores, databaseUrl },
    drop: async () => {
      await stores.close();
      await database.drop();
    },
  };
}
