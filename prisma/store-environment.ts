import { z } from 'zod';
import { readEnvironment } from '#shared/environment/read-environment.ts';
import { databaseUrlVariable } from '#shared/environment/variables.ts';
import type { StoreName } from './store-name.ts';

const VARIABLES: Readonly<Record<StoreName, string>> = {
  account: 'ACCOUNT_DATABASE_URL',
  'market-data': 'MARKET_DATA_DATABASE_URL',
  order: 'ORDER_DATABASE_URL',
};

/**
 * The URLs of the given stores, from `ACCOUNT_DATABASE_URL`, `MARKET_DATA_DATABASE_URL` and `ORDER_DATABASE_URL`.
 * @throws Error naming each that is missing
 */
export function readStoreEnvironment<Name extends StoreName>(
  stores: readonly Name[],
): Readonly<Record<Name, string>> {
  const schema = z.object(
    Object.fromEntries(stores.map((store) => [VARIABLES[store], databaseUrlVariable])),
  );
  const variables = readEnvironment(schema, process.env);
  return Object.fromEntries(stores.map((store) => [store, variables[VARIABLES[store]]])) as Record<
    Name,
    string
  >;
}
