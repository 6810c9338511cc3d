import type { TradeId } from '#shared/domain/ids.ts';
import { rfqTransition } from '../../domain/rfq/rfq-lifecycle.ts';
import type { Rfq } from '../../domain/rfq/rfq.ts';
import { settlementAt, type SettlementStatus } from '../../domain/rfq/settlement.ts';
import type { Turn } from '../turn.ts';
import { isAnyLookDue, takeLastLooks } from './resolve-accept.ts';
import type { RfqBook } from './rfq-book.ts';
import type { QuotePricer } from '../../domain/rfq/quote-pricer.ts';

/**
 * Does what is due by the clock, as far as the turn has room: requests that are over, and last looks that found a market, or
 * none in time.
 */
export function settleRfqs(turn: Turn): void {
  for (const rfq of turn.rfqs.book.expired(turn.now)) {
    if (turn.isFull) return;
    turn.suspectRfq(rfq.id);
    expireRfq(turn, rfq);
  }
  takeLastLooks(turn);
}

/** Ends a request that waits for quotes or for an accept. */
export function expireRfq(turn: Turn, rfq: Rfq): void {
  rfqTransition(rfq.state.status, 'EXPIRE');
  turn.rfqs.change({ ...rfq, state: { status: 'EXPIRED', closedAt: turn.now } }, 'EXPIRED');
}

/** Whether {@link settleRfqs} would do anything: cheap enough to ask all the time. */
export function isAnyRfqDue(at: {
  readonly book: RfqBook;
  readonly pricer: QuotePricer;
  readonly nowMs: number;
}): boolean {
  return at.book.expired(at.nowMs).length > 0 || isAnyLookDue(at.book, at.pricer, at.nowMs);
}

/** Goes on with settlements whose trades the ledger was told of, or has answered for. Others' trades are none of it. */
export function moveSettlements(
  turn: Turn,
  tradeIds: readonly TradeId[],
  status: Exclude<SettlementStatus, 'PENDING'>,
): void {
  for (const id of tradeIds) {
    const settlement = turn.rfqs.book.settlement(id);
    if (settlement === undefined || settlement.state.status === status) continue;
    // A settlement that failed is told to the ledger again and again, and is FAILED until it is settled.
    if (settlement.state.status === 'FAILED' && status === 'INSTRUCTED') continue;
    // The ledger's answer may be known when it is not stored that it was told.
    const isUntold = settlement.state.status === 'PENDING' && status !== 'INSTRUCTED';
    const told = isUntold ? settlementAt(settlement, 'INSTRUCTED', turn.now) : settlement;
    turn.rfqs.changeSettlement(settlementAt(told, status, turn.now));
  }
}
