import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { assertNever } from '#shared/domain/invariant.ts';
import { rateLimited, unavailable } from '#shared/graphql/domain-error.ts';
import { MAX_OPERATION_COST } from './max-operation-cost.ts';
import { type Charge, type Quota, WINDOW_SECONDS } from './operation-charge.ts';

/** When a refused command can be tried again; Redis is tried about as often. */
const UNCOUNTED_RETRY_MS = 1000;

/**
 * The error of a charge that does not let its operation through, with its status and headers over
 * HTTP.
 * @returns null if the operation is let through
 */
export function refusalOf(charge: Charge): GraphQLError | null {
  switch (charge.kind) {
    case 'unlimited':
    case 'admitted':
      return null;
    case 'tooCostly':
      return new GraphQLError('The query is too costly: ask for shorter pages or fewer lists.', {
        extensions: {
          code: 'GRAPHQL_VALIDATION_FAILED',
          cost: charge.cost,
          limit: MAX_OPERATION_COST,
          http: { status: 400 },
        },
      });
    case 'exhausted': {
      const { quota, retryAfterMs } = charge;
      const message = `Your quota is exhausted for now: wait ${retryAfterMs} ms.`;
      return rateLimited(message, {
        retryAfterMs,
        quota,
        http: { status: 429, headers: retryAfter(retryAfterMs) },
      });
    }
    case 'uncounted':
      return unavailable('NOT_APPLIED', 'Quotas cannot be checked at the moment.', {
        retryAfterMs: UNCOUNTED_RETRY_MS,
        http: { status: 503, headers: retryAfter(UNCOUNTED_RETRY_MS) },
      });
    default:
      return assertNever(charge, 'refusalOf');
  }
}

/** The quota that a charge reports; null if there is none. */
export function toldQuota(charge: Charge): { quota: Quota; headers: HeaderMap } | null {
  if (charge.kind !== 'admitted' && charge.kind !== 'exhausted') return null;
  const { quota, resetMs } = charge;
  const headers = new HeaderMap();
  headers.set('ratelimit-policy', `"cost";q=${quota.limit};w=${WINDOW_SECONDS}`);
  headers.set('ratelimit', `"cost";r=${quota.remaining};t=${Math.ceil(resetMs / 1000)}`);
  return { quota, headers };
}

/**
 * The answer if only the cost was asked for: the quota, or the cost alone if nothing is counted.
 */
export function toldCost(charge: Charge): Partial<Quota> | undefined {
  return charge.kind === 'unlimited' ? { cost: charge.cost } : toldQuota(charge)?.quota;
}

/** The header that says when to try again. */
export function retryAfter(ms: number): HeaderMap {
  const headers = new HeaderMap();
  headers.set('retry-after', String(Math.max(1, Math.ceil(ms / 1000))));
  return headers;
}
