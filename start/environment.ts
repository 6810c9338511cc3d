import { z } from 'zod';
import { readEnvironment } from '#shared/environment/read-environment.ts';
import { flagVariable, logLevelVariable, portVariable } from '#shared/environment/variables.ts';

const schema = z.object({
  STATE_DIR: z.string().default('.data'),
  HOST: z.string().default('127.0.0.1'),
  PORT: portVariable.default(4000),
  LOG_LEVEL: logLevelVariable.default('warn'),
  FEED: z
    .string()
    .regex(/^(sim|replay:.+)$/, 'is sim or replay:<folder>')
    .default('sim'),
  FEED_SPEED: z.union([z.literal('max'), z.coerce.number().positive()]).default(1),
  FEED_LOOP: flagVariable.default(false),
  FEED_START: z.enum(['immediately', 'first-subscription']).default('immediately'),
  SIM_SEED: z.coerce.number().int().min(0).default(1),
  MAX_QUOTE_AGE_MS: z.coerce.number().int().min(1).optional(),
  HOUSE_SPREAD_BPS: z.coerce.number().int().min(0).max(5000).default(10),
  HOUSE_LEVELS: z.coerce.number().int().min(1).max(20).default(5),
  HOUSE_SIZE_PERCENT: z.coerce.number().int().min(1).max(100).default(50),
});

/** What `npm start` can be told from outside; all of it has a default. */
export type StartEnvironment = z.output<typeof schema>;

/**
 * The variables of the one-process mode; nothing else in it reads `process.env`.
 * @throws EnvironmentError naming every bad variable at once
 */
export function readStartEnvironment(): StartEnvironment {
  return readEnvironment(schema, process.env);
}
