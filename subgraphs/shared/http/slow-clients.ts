import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';

/** How long a client may take to say what it wants; how long the answer takes is not counted. */
export interface SlowClientLimits {
  /** From the connection, or the reply before, to the end of the headers. */
  readonly headersMs: number;
  /** The same to the end of the body. */
  readonly requestMs: number;
  /** How often late ones are looked for; Node's own 30 s would make the limits meaningless. */
  readonly checkMs: number;
}

/** The limits in force: far more than any honest client needs. */
export const SLOW_CLIENT_LIMITS: SlowClientLimits = {
  headersMs: 10_000,
  requestMs: 15_000,
  checkMs: 1000,
};

/** The server's settings by which whoever is slower is answered 408 and cut off. */
export function cutOffSlowClients({ headersMs, requestMs, checkMs }: SlowClientLimits) {
  return {
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: checkMs },
  } satisfies FastifyHttpOptions<Server>;
}
