import type { HoldChangeId, OrderId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { accountBlockedDenial } from '../domain/rules/account-rules.ts';
import type { FundsOutcome } from '../domain/ports/funds.ts';
import {
  growthDenial,
  holdShortfall,
  supersededDenial,
  withChanges,
} from '../domain/order-amend.ts';
import type { OrderDenial, OrderViolations } from '../domain/rules/order-denial.ts';
import type { AmendedOrder } from '../domain/ports/order-journal.ts';
import { cancelOrder } from '../domain/order-progress.ts';
import { isOpen, type OpenOrder } from '../domain/order.ts';
import {
  growForAmend,
  type PendingAmend,
  pendingOf,
  refuseAmend,
} from '../domain/pending-amend.ts';
import { endOrder } from './end-order.ts';
import { decide, endAmended, makeAmend } from './amend-order.ts';
import { trimHold } from './trim-hold.ts';
import type { Turn } from './turn.ts';

/** The ledger's answer to a request for a larger hold. */
export interface GrowthAnswer {
  readonly orderId: OrderId;
  readonly changeId: HoldChangeId;
  readonly outcome: FundsOutcome;
  readonly instrument: Instrument;
}

/**
 * Continues with a change once the ledger has answered: made by the rules of this moment, or
 * refused.
 * @returns null if the order has ended meanwhile: its end has told the ledger to release
 *   everything
 */
export function resolveAmend(
  turn: Turn,
  { orderId, changeId, outcome, instrument }: GrowthAnswer,
): AmendedOrder | null {
  const order = turn.state.order(orderId);
  if (order === undefined || !isOpen(order) || order.state.status !== 'PENDING_UPDATE') return null;
  if (order.state.pending.changeId !== changeId) return null;
  // If this cannot be recorded, the answer would be brought again and again.
  turn.suspect(orderId);
  const ask = pendingOf(order);
  if (outcome.kind === 'HOLD_VOID') {
    // It ended before, and the record of that was lost with a store that was set back: nothing pays for its trades.
    turn.venue.remove(order);
    endOrder(turn, cancelOrder(order, 'TECHNICAL', turn.at), 'CANCELED');
    return null;
  }
  if (outcome.kind !== 'APPLIED')
    return refuse(turn, refuseAmend(order, turn.at), ask, [denialOf(order, outcome, instrument)]);

  const grown = growForAmend(order);
  turn.replace(grown);
  const conflict = supersededDenial(order, ask.amendId);
  if (conflict !== null) return giveBack(turn, grown, ask, [conflict], instrument);
  const decision = decide(turn, grown, ask, instrument);
  switch (decision.kind) {
    case 'denied':
      // The market has moved while the ledger was asked.
      return giveBack(turn, grown, ask, decision.violations, instrument);
    case 'nothingLeft':
      return endAmended(turn, grown, ask);
    case 'passed': {
      const { changed } = decision;
      if (holdShortfall(changed, changed.hold.worstPrice, instrument) > 0n)
        return giveBack(turn, grown, ask, [tradedMeanwhile(changed, instrument)], instrument);
      return makeAmend(turn, { order: grown, changed, ask }, instrument);
    }
  }
}

/** Refuses a change for which a larger hold was granted. */
function giveBack(
  turn: Turn,
  grown: OpenOrder,
  ask: PendingAmend,
  violations: OrderViolations,
  instrument: Instrument,
): AmendedOrder {
  const back = { ...trimHold(turn, grown, instrument), updatedAt: turn.at };
  return refuse(turn, back, ask, violations);
}

/**
 * Fills while the ledger is asked take from the hold at the old price, which may be the worse one:
 * then the grant for the new price is not enough, and the hold must not be short.
 */
function tradedMeanwhile(changed: OpenOrder, instrument: Instrument): OrderDenial {
  const refused = growthDenial(changed, changed.hold.worstPrice, instrument, null);
  const message = `The order traded while the amend was pending; the amend now needs ${refused.actual} more.`;
  return { ...refused, message };
}

function refuse(
  turn: Turn,
  order: OpenOrder,
  { amendId }: PendingAmend,
  violations: OrderViolations,
): AmendedOrder {
  const refused = turn.updateByRefusal(order, { amendId, denial: violations[0] });
  return { kind: 'denied', order: refused, violations };
}

function denialOf(order: OpenOrder, { kind, free }: FundsOutcome, instrument: Instrument) {
  if (kind !== 'INSUFFICIENT_FUNDS') return accountBlockedDenial();
  const changed = withChanges(order, pendingOf(order).changes);
  const { worstPrice } = changed.hold;
  const price = changed.terms.orderType === 'LIMIT' ? changed.terms.limitPrice : worstPrice;
  return growthDenial(changed, price, instrument, free);
}
