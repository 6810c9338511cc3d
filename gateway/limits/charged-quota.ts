import type { CountedQuota } from '#shared/identity/counted-quota.ts';
import type { GatewayContext } from '../gateway-context.ts';

/** On the context itself: what a WeakMap holds outlives its key by several collections. */
const QUOTA = Symbol('quota');

interface ChargedContext extends GatewayContext {
  [QUOTA]?: CountedQuota;
}

/** Notes what was left of a viewer's quota when this operation was charged. */
export function noteQuota(context: ChargedContext, quota: CountedQuota): void {
  context[QUOTA] = quota;
}

/** What was left then; undefined where nothing is counted. */
export function quotaOf(context: ChargedContext): CountedQuota | undefined {
  return context[QUOTA];
}
