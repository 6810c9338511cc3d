import type { ExecutionVenue } from '../domain/execution-venue.ts';
import { expiryReasonOf } from '../domain/order-life.ts';
import { expireOrder } from '../domain/order-progress.ts';
import { cancelOrders, MOST_ENDED } from './cancel-orders.ts';
import { endOrder } from './end-order.ts';
import type { Turn } from './turn.ts';

/**
 * Does what is due by the clock. Every turn begins with it, so that no order is taken behind a
 * deadline, also not by the first turn after the process was down.
 * @returns whether nothing is due any more; else the next turn has to go on before it does anything else
 */
export function settleDeadlines(turn: Turn, venue: ExecutionVenue): boolean {
  let ended = 0;
  for (const accountId of turn.state.safety.firedTimers(turn.now)) {
    if (ended >= MOST_ENDED) return false;
    turn.setTimer({ accountId, firesAt: null });
    const filter = { accountId, symbol: null, side: null };
    ended += cancelOrders(turn, venue, filter, 'CANCEL_ALL_AFTER').length;
  }
  for (const guardConnectionId of turn.state.guards.lost(turn.now)) {
    if (ended >= MOST_ENDED) return false;
    turn.state.guards.forget(guardConnectionId, turn.now);
    const guarded = { accountId: null, symbol: null, side: null, guardConnectionId };
    ended += cancelOrders(turn, venue, guarded, 'CANCEL_ON_DISCONNECT').length;
  }
  for (
    let orderId = turn.state.nextExpired(turn.now);
    orderId !== undefined;
    orderId = turn.state.nextExpired(turn.now)
  ) {
    if (ended >= MOST_ENDED) return false;
    const order = turn.state.liveOrder(orderId);
    venue.remove(order);
    endOrder(turn, expireOrder(order, expiryReasonOf(order), turn.now), 'EXPIRED');
    ended += 1;
  }
  return true;
}

/** Whether {@link settleDeadlines} would do anything: cheap enough to ask all the time. */
export function isAnythingDue(state: Turn['state'], nowMs: number): boolean {
  return (
    state.safety.firedTimers(nowMs).length > 0 ||
    state.guards.lost(nowMs).length > 0 ||
    state.nextExpired(nowMs) !== undefined
  );
}
