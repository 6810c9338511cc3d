import { ageOf } from '#shared/domain/age.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { assertNever, invariant } from '#shared/domain/invariant.ts';
import { notional } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import { accountBlockedDenial, insufficientFundsDenial } from '../../domain/rules/account-rules.ts';
import type { FundsOutcome } from '../../domain/ports/funds.ts';
import type { OrderDenial } from '../../domain/rules/order-denial.ts';
import type { RecordedOrder } from '../../domain/order-event.ts';
import {
  acceptOrder,
  cancelOrder,
  denySubmittedOrder,
  rejectOrder,
} from '../../domain/order-progress.ts';
import { isOpen, type OpenOrder, type RejectReason } from '../../domain/order.ts';
import { type LastLook, lookLast, toleranceFor } from '../../domain/rfq/last-look.ts';
import { rfqTransition } from '../../domain/rfq/rfq-lifecycle.ts';
import type { AcceptRejectReason } from '../../domain/rfq/rfq-refusal.ts';
import type { Rfq, RfqAccept } from '../../domain/rfq/rfq.ts';
import type { Settlement } from '../../domain/rfq/settlement.ts';
import { FUNDS_WITHIN_MS } from '../../domain/rules/valid-until.ts';
import { bookTrade } from '../book-trade.ts';
import { endOrder, releaseOf } from '../end-order.ts';
import type { Turn } from '../turn.ts';
import { takenSince } from './taken-before.ts';
import type { PendingLook, RfqBook } from './rfq-book.ts';
import type { QuotePricer } from '../../domain/rfq/quote-pricer.ts';

/** Continues an accept once the ledger has answered: with the last look, or by ending it. */
export function resolveAccept(
  turn: Turn,
  order: RecordedOrder,
  outcome: FundsOutcome,
  instrument: Instrument,
): void {
  const { rfqs, steadyMs } = turn;
  const { rfq } = pendingOf(turn, order);
  switch (outcome.kind) {
    case 'APPLIED':
      rfqs.book.look({
        orderId: order.id,
        rfqId: rfq.id,
        instrument,
        until: steadyMs + rfqs.settings.lastLookMs,
      });
      return takeLastLooks(turn);
    case 'INSUFFICIENT_FUNDS': {
      const { hold } = order;
      invariant(hold !== null, `order ${order.id} is submitted without a hold`);
      const asHeld = { ...instrument, ...hold };
      const denial = insufficientFundsDenial(order, hold.worstPrice, asHeld, outcome.free);
      return deny(turn, order, denial, 'NOTIONAL_EXCEEDS_FREE_BALANCE');
    }
    case 'ACCOUNT_UNAVAILABLE':
    case 'ACCOUNT_CLOSED':
      return deny(turn, order, accountBlockedDenial(), 'ACCOUNT_BLOCKED');
    case 'HOLD_VOID':
      // It ended before its hold was placed, and the record of that was lost with a store that was set back.
      return failAccept(turn, order);
    default:
      return assertNever(outcome.kind, 'resolveAccept');
  }
}

/**
 * Takes the pending last looks, each at the first fresh market. If none arrives in the window, the desk does not trade.
 */
export function takeLastLooks(turn: Turn): void {
  for (const look of turn.rfqs.book.looks()) {
    if (turn.isFull) return;
    turn.suspect(look.orderId);
    takeLastLook(turn, look);
  }
}

/** Whether {@link takeLastLooks} would decide any accept; cheap enough to call constantly. */
export function isAnyLookDue(
  book: RfqBook,
  pricer: QuotePricer,
  { now, steadyMs }: Pick<Turn, 'now' | 'steadyMs'>,
): boolean {
  for (const { instrument, until } of book.looks())
    if (steadyMs >= until || pricer.midPrice(instrument, now) !== null) return true;
  return false;
}

function takeLastLook(turn: Turn, look: PendingLook): void {
  const { orderId, instrument, until } = look;
  const { rfqs, state, now, steadyMs } = turn;
  const submitted = state.liveOrder(orderId);
  const { rfq, accept } = pendingOf(turn, submitted);
  const quote = rfqs.book.quote(rfq.id, accept.quoteId);
  const basis = quote?.basis ?? null;
  const quotedMid = basis?.midPrice ?? null;
  // A trader's quote is not measured against a market, so it needs none.
  const unmeasured = quotedMid === null && instrument.status === 'TRADING' ? accept.price : null;
  const mid = unmeasured ?? rfqs.pricer.midPrice(instrument, now);
  if (mid === null && steadyMs < until) return;
  rfqs.book.looked(orderId);
  const refuse = (reason: RejectReason & AcceptRejectReason, lastLook: LastLook | null = null) => {
    const rejected = rejectOrder(accepted(turn, submitted), reason, turn.at);
    endOrder(turn, rejected, 'REJECTED');
    reject(turn, submitted, reason, lastLook);
  };
  if (state.safety.tradingState(submitted.accountId) === 'HALTED') return refuse('TRADING_HALTED');
  if (ageOf(accept.acceptedAt, now) >= FUNDS_WITHIN_MS) return refuse('TECHNICAL');
  const takenBps = quote === undefined ? 0n : takenSince(turn, { rfq, accept, quote }, instrument);
  if (mid === null || takenBps === null) return refuse('NOT_QUOTING');
  const toleranceBps = toleranceFor(accept, basis, rfqs.settings.toleranceBps);
  const decision = lookLast({ accept, quotedMid, mid, takenBps, toleranceBps }, instrument);
  if (decision.kind === 'moved') return refuse('LAST_LOOK_PRICE_MOVED', decision.lastLook);
  fill(turn, accepted(turn, submitted), instrument, decision);
}

function fill(
  turn: Turn,
  order: OpenOrder & RecordedOrder,
  instrument: Instrument,
  { price, lastLook }: { readonly price: Price; readonly lastLook: LastLook },
): void {
  const { rfq, accept } = pendingOf(turn, order);
  const { quantity, side } = accept;
  const parties = [{ order, liquiditySide: 'TAKER' }] as const;
  const tradeId = bookTrade(turn, { instrument, price, quantity, parties });
  const settlement: Settlement = {
    id: tradeId,
    rfqId: rfq.id,
    orderId: order.id,
    accountId: rfq.accountId,
    symbol: rfq.symbol,
    side,
    quantity,
    notional: notional(price, quantity),
    state: { status: 'PENDING' },
    createdAt: turn.now,
  };
  rfqTransition(rfq.state.status, 'FILL');
  // With its trade, so that all figures of a period have it.
  const closedAt = turn.at;
  const state = { status: 'FILLED', accept, lastLook, fillPrice: price, closedAt } as const;
  turn.rfqs.change({ ...rfq, state }, 'FILLED', settlement);
}

/** Rejects an accept that has waited too long for its hold, or with which the journal cannot continue. */
export function failAccept(turn: Turn, order: RecordedOrder): void {
  turn.rfqs.book.looked(order.id);
  endOrder(turn, cancelOrder(order, 'TECHNICAL', turn.at), 'CANCELED');
  reject(turn, order, 'TECHNICAL', null);
}

function accepted(turn: Turn, submitted: RecordedOrder): OpenOrder & RecordedOrder {
  const { state, at } = turn;
  const order = turn.update(acceptOrder(submitted, state.nextPriority(), at), 'ACCEPTED');
  invariant(isOpen(order), `order ${order.id} was accepted and is not open`);
  return order;
}

/** The ledger keeps no refusal: a copy of the request that is late must not place the hold. */
function deny(
  turn: Turn,
  order: RecordedOrder,
  denial: OrderDenial,
  reason: AcceptRejectReason,
): void {
  turn.tellLedger(releaseOf(order));
  turn.update(denySubmittedOrder(order, [denial], turn.at), 'DENIED');
  reject(turn, order, reason, null);
}

function reject(
  turn: Turn,
  order: RecordedOrder,
  rejectReason: AcceptRejectReason,
  lastLook: LastLook | null,
): void {
  const { rfq, accept } = pendingOf(turn, order);
  turn.rfqs.book.takes.reject(rfq.id);
  rfqTransition(rfq.state.status, 'REJECT');
  const closedAt = turn.now;
  const state = { status: 'REJECTED', accept, rejectReason, lastLook, closedAt } as const;
  turn.rfqs.change({ ...rfq, state }, 'REJECTED');
}

function pendingOf(
  { rfqs }: Turn,
  { id, link }: RecordedOrder,
): { readonly rfq: Rfq; readonly accept: RfqAccept } {
  invariant(link.rfqId !== null, `order ${id} is no accept of a quote`);
  const rfq = rfqs.book.liveRfq(link.rfqId);
  invariant(rfq.state.status === 'ACCEPT_PENDING', `request ${rfq.id} is not accepted`);
  return { rfq, accept: rfq.state.accept };
}
