import { z } from 'zod';
import { readEnvironment } from '#shared/environment/read-environment.ts';
import {
  flagVariable,
  logLevelVariable,
  metricsVariables,
  originVariable,
  portVariable,
  redisVariables,
  tracingVariables,
  wholeVariable,
} from '#shared/environment/variables.ts';
import { AddressRanges } from '#shared/identity/address-ranges.ts';
import { signingKeyVariable } from '#shared/identity/passport-keys.ts';
import { SCOPES, type Scope } from '#shared/identity/viewer.ts';
import { MAX_OPERATION_COST } from './limits/max-operation-cost.ts';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);
const addresses = list.refine((texts) => AddressRanges.parse(texts) !== null, {
  message: 'has an entry that is neither an IP address nor a block',
});
const scopes = list.pipe(z.array(z.enum(SCOPES))) as z.ZodType<readonly Scope[], string>;
/** 0 for none, otherwise enough for the largest operation. */
const costPerMinute = z.coerce
  .number()
  .int()
  .refine((cost) => cost === 0 || cost >= MAX_OPERATION_COST, {
    message: `is neither 0 nor at least ${MAX_OPERATION_COST}`,
  });

/** The quota of each user: at a gateway, and of the whole desk in one process. */
export const quotaVariables = {
  COST_PER_MINUTE: costPerMinute.default(600_000),
};

/** The web pages that can call the gateway: as its own process, and of the whole desk in one. */
export const originVariables = {
  ALLOWED_ORIGINS: list.pipe(z.array(originVariable)).default([]),
};

const variables = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: portVariable.default(4000),
  LOG_LEVEL: logLevelVariable.default('info'),
  ...tracingVariables,
  ACCOUNT_URL: originVariable,
  ACCOUNT_PASSPORT_KEY: signingKeyVariable,
  MARKET_DATA_URL: originVariable,
  MARKET_DATA_PASSPORT_KEY: signingKeyVariable,
  ORDER_URL: originVariable,
  ORDER_PASSPORT_KEY: signingKeyVariable,
  ...originVariables,
  TRUSTED_PROXIES: addresses.default([]),
  ANONYMOUS_SCOPES: scopes.default(['market:read']),
  EXPLORER: flagVariable.default(false),
  INTROSPECTION: flagVariable.default(false),
  ...quotaVariables,
  ...redisVariables,
  PERSISTED_OPERATIONS: z.string().optional(),
  PERSISTED_ONLY: flagVariable.default(false),
  ...metricsVariables,
  SUPERGRAPH_PATH: z.string().optional(),
  GATEWAY_WORKERS: wholeVariable(1, 64).default(1),
});
const gatewaySchema = variables
  .refine(({ PERSISTED_ONLY, PERSISTED_OPERATIONS: manifest }) => !PERSISTED_ONLY || manifest, {
    path: ['PERSISTED_OPERATIONS'],
    message: 'is needed with PERSISTED_ONLY: without a manifest nothing could run',
  })
  .refine(({ REDIS_URL, EVENT_PREFIX }) => REDIS_URL === undefined || EVENT_PREFIX !== undefined, {
    path: ['EVENT_PREFIX'],
    message: 'is needed with REDIS_URL: two desks on one Redis must not mix',
  });

/** What the gateway reads from its environment. */
export type GatewayEnvironment = z.output<typeof gatewaySchema>;

/**
 * The gateway's environment; nothing else here reads `process.env`.
 * @throws Error naming every bad variable at once
 */
export function gatewayEnvironment(): GatewayEnvironment {
  return readEnvironment(gatewaySchema, process.env);
}
