import { z } from 'zod';
import { ACCOUNT_FAULTS, ORDER_FAULTS } from '#shared/faults/fault-point.ts';
import { passportKeysVariable } from '#shared/identity/passport-keys.ts';
import {
  databaseUrlVariable,
  logLevelVariable,
  metricsVariables,
  portVariable,
  redisVariables,
  tracingVariables,
} from './variables.ts';

/**
 * The variables of every subgraph process: where to listen, its store, its bus, whose passports it
 * accepts.
 */
const subgraphVariables = {
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: logLevelVariable.default('info'),
  ...tracingVariables,
  ...metricsVariables,
  DATABASE_URL: databaseUrlVariable,
  ...redisVariables,
  PASSPORT_KEYS: passportKeysVariable,
  NODE_ENV: z.string().optional(),
  CRASH_AT: z
    .string()
    .regex(
      new RegExp(`^(${[...ORDER_FAULTS, ...ACCOUNT_FAULTS].join('|')}):[1-9][0-9]*$`),
      'is not <fault point>:<count>, such as submit-stored:1',
    )
    .optional(),
} as const;

/** A subgraph's variables: the common ones, its own port and its additions. */
export function subgraphEnvironment<Own extends z.ZodRawShape>(defaultPort: number, own: Own) {
  return z
    .object({ ...subgraphVariables, PORT: portVariable.default(defaultPort), ...own })
    .refine((variables) => !('REDIS_URL' in variables) || 'EVENT_PREFIX' in variables, {
      path: ['EVENT_PREFIX'],
      message: 'is needed with REDIS_URL: two desks on one Redis must not hear each other',
    })
    .refine((variables) => !('CRASH_AT' in variables) || isTest(variables), {
      path: ['CRASH_AT'],
      message: 'is for tests alone, with NODE_ENV=test',
    });
}

function isTest(variables: object): boolean {
  return 'NODE_ENV' in variables && variables.NODE_ENV === 'test';
}
