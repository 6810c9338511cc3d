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
 * What was left then, for a text that asks for it: a subgraph shows it, which has to be told, and most
 * calls need not carry it. It is what this operation found, and no other's.
 * @returns undefined if it is not asked for, or nothing is counted
 */
export function shownQuotaOf(
  context: ChargedContext,
  text: string | undefined,
): CountedQuota | undefined {
  const quota = context[QUOTA];
  return quota !== undefined && ASKS_FOR_QUOTAS.test(text ?? '') ? quota : undefined;
}
