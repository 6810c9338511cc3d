import { z } from 'zod';
import { readEnvironment } from '#shared/environment/read-environment.ts';
import { subgraphEnvironment } from '#shared/environment/subgraph-variables.ts';
import { signingKeyVariable } from '#shared/identity/passport-keys.ts';

/** How the house quotes; the one-process mode takes the same. */
export const houseVariables = {
  HOUSE_SPREAD_BPS: z.coerce.number().int().min(0).max(5000).default(2),
  HOUSE_LEVELS: z.coerce.number().int().min(0).max(20).default(10),
  HOUSE_SIZE_PERCENT: z.coerce.number().int().min(1).max(100).default(100),
} as const;

const schema = subgraphEnvironment(4003, {
  ACCOUNT_URL: z.url(),
  ACCOUNT_PASSPORT_KEY: signingKeyVariable,
  MARKET_DATA_URL: z.url(),
  MARKET_DATA_PASSPORT_KEY: signingKeyVariable,
  ...houseVariables,
});

/** The variables of an order process, read and checked. */
export type OrderEnvironment = z.output<typeof schema>;

/** The only reader of `process.env` in this subgraph. @throws EnvironmentError naming every problem */
export function readOrderEnvironment(): OrderEnvironment {
  return readEnvironment(schema, process.env);
}
