import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';

/** How long a client can take to send its request; the time of the answer does not count. */
export interface SlowClientLimits {
  /** From the connection, or the previous reply, to the end of the headers. */
  readonly headersMs: number;
  /** The same to the end of the body. */
  readonly requestMs: number;
  /** How often late clients are looked for; Node's own 30 s would make the limits meaningless. */
  readonly checkMs: number;
}

/** The limits in force: far more than any honest client needs. */
export const SLOW_CLIENT_LIMITS: SlowClientLimits = {
  headersMs: 10_000,
  requestMs: 15_000,
  checkMs: 1000,
};

/** The server settings that answer a slower client 408 and cut it off. */
export function cutOffSlowClients({ headersMs, requestMs, checkMs }: SlowClientLimits) {
  return {
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: checkMs },
  } satisfies FastifyHttpOptions<Server>;
}
