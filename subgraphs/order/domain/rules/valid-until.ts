import { toTimestamp } from '#shared/domain/clock.ts';
import { denial, type OrderDenial } from './order-denial.ts';
import type { OrderRule } from './order-rule.ts';

/**
 * How long an order that trades at once, an accept of a quote, or an amend, can wait for its funds:
 * later its client no longer means it.
 */
export const FUNDS_WITHIN_MS = 10_000;

/**
 * TOO_LATE: the time until which a command can take effect has passed; at exactly that time it has.
 * @param validUntil milliseconds since the epoch; null if the command can take effect however late
 */
export function tooLateDenial(validUntil: number | null, nowMs: number): OrderDenial | null {
  if (validUntil === null || validUntil > nowMs) return null;
  const [until, now] = [toTimestamp(validUntil), toTimestamp(nowMs)];
  const message = `The command could take effect until ${until}; it is ${now}.`;
  const [limit, actual] = [`${nowMs}`, `${validUntil}`];
  return denial('TOO_LATE', message, { rule: 'validUntil', limit, actual });
}

/** {@link tooLateDenial} of an order. */
export const arrivesInTime: OrderRule = ({ instructions }, { nowMs }) =>
  tooLateDenial(instructions?.validUntil ?? null, nowMs);
