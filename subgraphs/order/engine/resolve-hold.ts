import type { OrderId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { assertNever, invariant } from '#shared/domain/invariant.ts';
import { accountBlockedDenial, insufficientFundsDenial } from '../domain/rules/account-rules.ts';
import type { FundsOutcome } from '../domain/ports/funds.ts';
import type { OrderDenial } from '../domain/rules/order-denial.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { isExit } from '../domain/order-link.ts';
import { acceptOrder, cancelOrder, denySubmittedOrder } from '../domain/order-progress.ts';
import { isOpen, isWaiting, type OrderHold } from '../domain/order.ts';
import { tradingDenial } from '../domain/rules/validate-order.ts';
import { endOrder, releaseOf } from './end-order.ts';
import { executeAccepted } from './execute-accepted.ts';
import { resolveAccept } from './rfq/resolve-accept.ts';
import { placeSmallerExit } from './settle-exits.ts';
import type { Turn } from './turn.ts';

/** The ledger's answer to the hold of a submitted order. */
export interface HoldAnswer {
  readonly orderId: OrderId;
  readonly outcome: FundsOutcome;
  readonly instrument: Instrument;
}

/**
 * Continues with an order once the ledger has answered: denied, or into the book. An order that was
 * canceled meanwhile is left alone: its cancel has told the ledger to release the hold. One that cannot
 * be recorded is set aside: the answer would be brought again and again.
 * @returns whether it is decided: an exit waits while its account is frozen, and with its hold
 *   while its instrument is stopped
 */
export function resolveHold(turn: Turn, answer: HoldAnswer): boolean {
  const order = turn.state.order(answer.orderId);
  if (order?.state.status !== 'SUBMITTED') return true;
  const { kind } = answer.outcome;
  if (kind === 'APPLIED' && mustWait(order, answer.instrument)) return false;
  if (kind === 'ACCOUNT_UNAVAILABLE' && isExit(order)) return false;
  turn.suspect(order.id);
  if (order.link.rfqId === null) decide(turn, order, answer);
  else resolveAccept(turn, order, answer.outcome, answer.instrument);
  return true;
}

/** Whether an order cannot go to the book yet, and must not be denied for that. */
export function mustWait(order: RecordedOrder, instrument: Instrument): boolean {
  const isSubmitted = order.state.status === 'SUBMITTED';
  return isSubmitted && isExit(order) && tradingDenial(instrument) !== null;
}

function decide(turn: Turn, order: RecordedOrder, answer: HoldAnswer): void {
  const { hold } = order;
  invariant(hold !== null, `order ${order.id} is submitted without a hold`);
  const { kind, free } = answer.outcome;
  switch (kind) {
    case 'APPLIED': {
      // The instrument may have stopped while the ledger was asked.
      const stopped = tradingDenial(answer.instrument);
      return stopped === null
        ? execute(turn, order, answer.instrument)
        : deny(turn, order, stopped);
    }
    case 'INSUFFICIENT_FUNDS':
      deny(turn, order, insufficientFunds(order, hold, answer.instrument, free));
      if (isExit(order)) placeSmallerExit(turn, order, free, answer.instrument);
      return;
    case 'ACCOUNT_UNAVAILABLE':
    case 'ACCOUNT_CLOSED':
      return deny(turn, order, accountBlockedDenial());
    case 'HOLD_VOID':
      // It ended before its hold was placed, and the record of that was lost with a store that was set back.
      return void endOrder(turn, cancelOrder(order, 'TECHNICAL', turn.at), 'CANCELED');
    default:
      return assertNever(kind, 'resolveHold');
  }
}

function insufficientFunds(
  order: RecordedOrder,
  { worstPrice, makerFeeRate, takerFeeRate }: OrderHold,
  instrument: Instrument,
  free: FundsOutcome['free'],
): OrderDenial {
  const asHeld = { ...instrument, makerFeeRate, takerFeeRate };
  return insufficientFundsDenial(order, worstPrice, asHeld, free);
}

/** The ledger keeps no refusal: a copy of the request that is late must not place the hold. */
function deny(turn: Turn, order: RecordedOrder, denial: OrderDenial): void {
  turn.tellLedger(releaseOf(order));
  turn.update(denySubmittedOrder(order, [denial], turn.at), 'DENIED');
}

function execute(turn: Turn, submitted: RecordedOrder, instrument: Instrument): void {
  const { state, at } = turn;
  const order = turn.update(acceptOrder(submitted, state.nextPriority(), at), 'ACCEPTED');
  invariant(isOpen(order), `order ${order.id} was accepted and is not open`);
  if (!isWaiting(order)) executeAccepted(turn, order, instrument);
}
