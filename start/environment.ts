import { z } from 'zod';
import { readEnvironment } from '#shared/environment/read-environment.ts';
import {
  flagVariable,
  logLevelVariable,
  metricsVariables,
  portVariable,
  tracingVariables,
} from '#shared/environment/variables.ts';
import { originVariables, quotaVariables } from '../gateway/environment.ts';
import { feedVariables } from '../subgraphs/market-data/environment.ts';
import {
  houseVariables,
  messageRateVariables,
  pricerVariables,
  rfqVariables,
} from '../subgraphs/order/environment.ts';

const schema = z.object({
  STATE_DIR: z.string().default('.data'),
  HOST: z.string().default('127.0.0.1'),
  PORT: portVariable.default(4000),
  LOG_LEVEL: logLevelVariable.default('warn'),
  ...metricsVariables,
  ...tracingVariables,
  SIGN_UP: flagVariable.default(true),
  ...feedVariables,
  ...houseVariables,
  ...messageRateVariables,
  ...originVariables,
  ...quotaVariables,
  ...rfqVariables,
  ...pricerVariables,
});

/** The variables of `npm start`; all of them have defaults. */
export type StartEnvironment = z.output<typeof schema>;

/**
 * The variables of the one-process mode; nothing else in it reads `process.env`.
 * @throws Error naming every bad variable at once
 */
export function readStartEnvironment(): StartEnvironment {
  return readEnvironment(schema, process.env);
}
