import { DAY_MS } from '#shared/domain/clock.ts';
import type { NewOrder } from './order-progress.ts';
import type { ExpireReason, Order, TimeInForce } from './order.ts';
import { FUNDS_WITHIN_MS } from './rules/valid-until.ts';

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

/**
 * When an order ends by the clock, milliseconds since the epoch: at its expiry, or, while it is not accepted, when its
 * client no longer means it. Null if it does not.
 */
export function deadlineOf({ expireAt, instructions }: Order): number | null {
  const at = Math.min(expireAt ?? Infinity, instructions.validUntil ?? Infinity);
  return at === Infinity ? null : at;
}

/**
 * How much longer an order that trades at once waits for its hold, and an accepted quote for its last look, in
 * milliseconds; null if it does not wait, or however long. One that was recorded later than now is from before the clock
 * was set back.
 */
export function fundsWaitMs(order: Order, nowMs: number): number | null {
  if (order.state.status !== 'SUBMITTED') return null;
  const life = lifeOf(order);
  if (life !== 'IOC' && life !== 'FOK') return null;
  return FUNDS_WITHIN_MS - Math.max(0, nowMs - order.createdAt);
}

/** Why an order ends by the clock. */
export function expiryReasonOf(order: Order): ExpireReason {
  switch (lifeOf(order)) {
    case 'DAY':
      return 'DAY_ENDED';
    case 'IOC':
      return 'UNFILLED_IOC_QUANTITY';
    case 'FOK':
      return 'UNFILLED_FOK_ORDER';
    case 'GTC':
    case 'GTD':
      return 'EXPIRE_TIME_REACHED';
  }
}
