import type { HoldChangeId, OrderId } from '#shared/domain/ids.ts';
import { accountBlockedDenial } from '../domain/account-rules.ts';
import type { ExecutionVenue } from '../domain/execution-venue.ts';
import type { FundsOutcome } from '../domain/funds.ts';
import { growthDenial, withChanges } from '../domain/order-amend.ts';
import type { OrderViolations } from '../domain/order-denial.ts';
import type { AmendedOrder } from '../domain/order-journal.ts';
import { isOpen, type OpenOrder } from '../domain/order.ts';
import { growForAmend, pendingOf, refuseAmend } from '../domain/pending-amend.ts';
import { type AmendMarket, decide, endAmended, makeAmend } from './amend-order.ts';
import { trimHold } from './trim-hold.ts';
import type { Turn } from './turn.ts';

/** The ledger's answer to what a change of an order needs more. */
export interface GrowthAnswer {
  readonly orderId: OrderId;
  readonly changeId: HoldChangeId;
  readonly outcome: FundsOutcome;
}

/**
 * Goes on with a change once the ledger has answered: made by the rules of this moment, or refused.
 * @returns null when the order has ended meanwhile: its end has told the ledger to give all back
 */
export function resolveAmend(
  turn: Turn,
  venue: ExecutionVenue,
  { orderId, changeId, outcome }: GrowthAnswer,
  market: AmendMarket,
): AmendedOrder | null {
  const order = turn.state.order(orderId);
  if (order === undefined || !isOpen(order) || order.state.status !== 'PENDING_UPDATE') return null;
  if (order.state.pending.changeId !== changeId) return null;
  if (outcome.kind !== 'APPLIED')
    return refuse(turn, refuseAmend(order, turn.now), [denialOf(order, outcome, market)]);

  const { amendId, changes } = pendingOf(order);
  const grown = growForAmend(order);
  turn.replace(grown);
  const decision = decide(turn, venue, grown, changes, market);
  switch (decision.kind) {
    case 'denied': {
      // The market has moved while the ledger was asked.
      const back = { ...trimHold(turn, grown, market.instrument), updatedAt: turn.now };
      return refuse(turn, back, decision.violations);
    }
    case 'nothingLeft':
      return endAmended(turn, venue, grown, amendId);
    case 'passed': {
      const { changed } = decision;
      return makeAmend(turn, venue, { order: grown, changed, amendId }, market.instrument);
    }
  }
}

function refuse(turn: Turn, order: OpenOrder, violations: OrderViolations): AmendedOrder {
  return { kind: 'denied', order: turn.update(order, 'AMEND_REJECTED'), violations };
}

function denialOf(order: OpenOrder, { kind, free }: FundsOutcome, market: AmendMarket) {
  if (kind !== 'INSUFFICIENT_FUNDS') return accountBlockedDenial();
  const changed = withChanges(order, pendingOf(order).changes);
  const { worstPrice } = changed.hold;
  const price = changed.terms.orderType === 'LIMIT' ? changed.terms.limitPrice : worstPrice;
  return growthDenial(changed, price, market.instrument, free);
}
