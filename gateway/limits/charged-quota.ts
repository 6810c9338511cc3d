import type { CountedQuota } from '#shared/identity/counted-quota.ts';
import type { GatewayContext } from '../gateway-context.ts';

const quotas = new WeakMap<GatewayContext, CountedQuota>();

/** Notes what was left of a viewer's quota when this operation was charged. */
export function noteQuota(context: GatewayContext, quota: CountedQuota): void {
  quotas.set(context, quota);
}

/** What was left then; undefined where nothing is counted. */
export function quotaOf(context: GatewayContext): CountedQuota | undefined {
  return quotas.get(context);
}
