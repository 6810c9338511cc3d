import type { AccountId } from '#shared/domain/ids.ts';
import { type CancelFilter, cancelOrders, hasAnyMeant } from './cancel-orders.ts';
import type { JournalState } from '../journal-state.ts';
import type { Turn } from '../turn.ts';

/**
 * Cancels whatever is not closed under a halt. A halt is state: what one turn could not end, or a
 * dead process left open, ends in the next turns, and nothing trades before.
 * @returns whether nothing is left
 */
export function settleHalts(turn: Turn): boolean {
  const { safety } = turn.state;
  let ended = 0;
  for (const accountId of safety.openHalts) {
    const canceled = cancelOrders(turn, ordersOf(accountId), 'KILL_SWITCH', ended);
    if (!canceled.areAll) return false;
    safety.closeHalt(accountId);
    ended += canceled.orders.length;
  }
  return true;
}

/** Whether {@link settleHalts} would end anything: cheap enough to ask all the time. */
export function isAnyHalted(state: JournalState): boolean {
  return state.safety.openHalts.some((accountId) => hasAnyMeant(state, ordersOf(accountId)));
}

function ordersOf(accountId: AccountId | null): CancelFilter {
  return { accountId, symbol: null, side: null };
}
