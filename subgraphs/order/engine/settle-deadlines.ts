import type { RecordedOrder } from '../domain/order-event.ts';
import { expiryReasonOf } from '../domain/order-life.ts';
import { denySubmittedOrder, expireOrder } from '../domain/order-progress.ts';
import type { CancelReason } from '../domain/order.ts';
import { tooLateDenial } from '../domain/rules/valid-until.ts';
import { type CancelFilter, cancelOrders, mostToEnd } from './safety/cancel-orders.ts';
import { endOrder, releaseOf } from './end-order.ts';
import { failAccept } from './rfq/resolve-accept.ts';
import type { Turn } from './turn.ts';

/**
 * Does what is due by the clock. Every turn begins with it, so that no order is accepted after a
 * deadline, not even by the first turn after the process was down.
 * @returns whether nothing is due any more; otherwise the next turn must continue before it does
 *   anything else
 */
export function settleDeadlines(turn: Turn): boolean {
  const { safety, guards } = turn.state;
  let ended = 0;
  const endAll = (filter: CancelFilter, reason: CancelReason) => {
    const canceled = cancelOrders(turn, filter, reason, ended);
    ended += canceled.orders.length;
    return canceled.areAll;
  };
  for (
    let accountId = safety.nextFired();
    accountId !== undefined;
    accountId = safety.nextFired()
  ) {
    const firesAt = safety.timer(accountId) ?? turn.at;
    const spares = ({ createdAt }: RecordedOrder) => createdAt >= firesAt;
    const meant = { accountId, symbol: null, side: null, spares };
    if (!endAll(meant, 'CANCEL_ALL_AFTER')) return false;
    turn.setTimer({ accountId, firesAt: null });
  }
  for (const guardConnectionId of guards.lost()) {
    const guarded = { accountId: null, symbol: null, side: null, guardConnectionId };
    if (!endAll(guarded, 'CANCEL_ON_DISCONNECT')) return false;
    guards.end(guardConnectionId);
  }
  for (
    let orderId = turn.state.nextExpired(turn);
    orderId !== undefined;
    orderId = turn.state.nextExpired(turn)
  ) {
    if (mostToEnd(turn, ended) === 0) return false;
    const order = turn.state.liveOrder(orderId);
    turn.suspect(orderId);
    turn.venue.remove(order);
    endDue(turn, order);
    ended += 1;
  }
  return true;
}

/**
 * Ends an order at its deadline, one that waits for its hold without the ledger's answer: what is
 * granted later is released. One is denied if the time that its client named has passed.
 */
function endDue(turn: Turn, order: RecordedOrder): void {
  if (order.link.rfqId !== null) {
    failAccept(turn, order);
    return;
  }
  const late = tooLateDenial(order.instructions.validUntil, turn.now);
  if (late === null) {
    endOrder(turn, expireOrder(order, expiryReasonOf(order), turn.at), 'EXPIRED');
    return;
  }
  turn.tellLedger(releaseOf(order));
  turn.update(denySubmittedOrder(order, [late], turn.at), 'DENIED');
}

/** Whether {@link settleDeadlines} would do anything: cheap enough to ask all the time. */
export function isAnythingDue(state: Turn['state'], at: Pick<Turn, 'now' | 'steadyMs'>): boolean {
  return (
    state.safety.nextFired() !== undefined ||
    state.guards.lost().length > 0 ||
    state.nextExpired(at) !== undefined
  );
}
