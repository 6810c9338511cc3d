import type { NewOrder } from './order-progress.ts';
import { type Order, type TimeInForce } from './order.ts';

const DAY_MS = 86_400_000;

/** How long an order lives, as requested: a waiting one has it in its trigger. */
export function lifeOf({
  terms,
  trigger = null,
}: Pick<NewOrder, 'terms' | 'trigger'>): TimeInForce {
  return trigger?.timeInForce ?? terms.timeInForce;
}

/**
 * When an order ends by its own terms: a DAY order at the next 00:00 UTC. Milliseconds since the
 * epoch.
 */
export function expiryOf(order: NewOrder, nowMs: number): number | null {
  if (lifeOf(order) === 'DAY') return (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
  return order.expireAt ?? null;
}

/** Why an order ends at its expiry. */
export function expiryReasonOf(order: Order): 'EXPIRE_TIME_REACHED' | 'DAY_ENDED' {
  return lifeOf(order) === 'DAY' ? 'DAY_ENDED' : 'EXPIRE_TIME_REACHED';
}
