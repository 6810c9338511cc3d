import type { CountedQuota } from '#shared/identity/counted-quota.ts';
import type { GatewayContext } from '../gateway-context.ts';

/** On the context itself: what a WeakMap holds outlives its key by several collections. */
const QUOTA = Symbol('quota');

const ASKS_FOR_QUOTAS = /\bquotas\b/;

interface ChargedContext extends GatewayContext {
  [QUOTA]?: CountedQuota;
}

/** Notes what was left of a viewer's quota when this operation was charged. */
export function noteQuota(context: ChargedContext, quota: CountedQuota): void {
  context[QUOTA] = quota;
}

/**
 * The quota that was left, for an operation that asks for it: a subgraph returns it, so the
 * passport carries it, and most calls need not. It belongs to this operation alone.
 * @returns undefined if it is not asked for, or nothing is counted
 */
export function shownQuotaOf(
  context: ChargedContext,
  text: string | undefined,
): CountedQuota | undefined {
  const quota = context[QUOTA];
  return quota !== undefined && ASKS_FOR_QUOTAS.test(text ?? '') ? quota : undefined;
}
