import { z } from 'zod';
import { readEnvironment } from '#shared/environment/read-environment.ts';
import { subgraphEnvironment } from '#shared/environment/subgraph-variables.ts';
import { flagVariable } from '#shared/environment/variables.ts';

/** Which feed runs, and how; the one-process mode takes the same. */
export const feedVariables = {
  FEED: z
    .string()
    .regex(
      /^(sim|binance|kraken|coinbase|replay:.+)$/,
      'is sim, binance, kraken, coinbase or replay:<folder of recordings>',
    )
    .default('sim'),
  FEED_SPEED: z.union([z.literal('max'), z.coerce.number().positive().max(1000)]).default(1),
  FEED_LOOP: flagVariable.default(false),
  FEED_START: z.enum(['immediately', 'first-subscription']).default('immediately'),
  SIM_SEED: z.coerce.number().int().min(0).max(0xffff_ffff).default(1),
  MAX_QUOTE_AGE_MS: z.coerce.number().int().min(1).optional(),
} as const;

const schema = subgraphEnvironment(4002, {
  ...feedVariables,
});

/** The variables of a market-data process, read and checked. */
export type MarketDataEnvironment = z.output<typeof schema>;

/** The only reader of `process.env` in this subgraph. @throws EnvironmentError naming every problem */
export function readMarketDataEnvironment(): MarketDataEnvironment {
  return readEnvironment(schema, process.env);
}
