import type { TradeId } from '#shared/domain/ids.ts';
import { rfqTransition } from '../../domain/rfq/rfq-lifecycle.ts';
import type { Rfq } from '../../domain/rfq/rfq.ts';
import { settlementAt, type SettlementStatus } from '../../domain/rfq/settlement.ts';
import type { Turn } from '../turn.ts';
import type { InstructionTimes } from './instructions.ts';
import { isAnyLookDue, takeLastLooks } from './resolve-accept.ts';
import type { RfqBook } from './rfq-book.ts';
import type { QuotePricer } from '../../domain/rfq/quote-pricer.ts';

/**
 * Handles what is due, as far as the turn has room: expired requests, traders' quotes that have ended, and last looks that
 * found a market or ran out of time.
 */
export function settleRfqs(turn: Turn): void {
  for (const rfq of turn.rfqs.book.expired(turn.now)) {
    if (turn.isFull) return;
    turn.suspectRfq(rfq.id);
    expireRfq(turn, rfq);
  }
  for (const rfq of turn.rfqs.book.lapsed(turn.now)) {
    if (turn.isFull) return;
    turn.suspectRfq(rfq.id);
    turn.rfqs.stopQuoting(rfq);
  }
  takeLastLooks(turn);
}

/** Ends a request that waits for quotes or for an accept. */
export function expireRfq(turn: Turn, rfq: Rfq): void {
  rfqTransition(rfq.state.status, 'EXPIRE');
  turn.rfqs.change({ ...rfq, state: { status: 'EXPIRED', closedAt: turn.now } }, 'EXPIRED');
}

/** Whether {@link settleRfqs} would do anything; cheap enough to call constantly. */
export function isAnyRfqDue(
  book: RfqBook,
  pricer: QuotePricer,
  at: Pick<Turn, 'now' | 'steadyMs'>,
): boolean {
  const isAnyOver = book.expired(at.now).length > 0 || book.lapsed(at.now).length > 0;
  return isAnyOver || isAnyLookDue(book, pricer, at);
}

/**
 * Moves settlements on when the ledger was instructed about their trades or has answered. One whose instruction is not
 * recorded yet is instructed first, with an event of its own. Trades without a settlement are ignored.
 * @param instructed when the trades were sent to the ledger; the time of the turn for those that are missing
 */
export function moveSettlements(
  turn: Turn,
  tradeIds: readonly TradeId[],
  status: Exclude<SettlementStatus, 'PENDING'>,
  instructed: InstructionTimes = new Map(),
): void {
  for (const id of tradeIds) {
    const settlement = turn.rfqs.book.settlement(id);
    if (settlement === undefined || settlement.state.status === status) continue;
    // A failed settlement is sent to the ledger again and again, and stays FAILED until it is settled.
    if (settlement.state.status === 'FAILED' && status === 'INSTRUCTED') continue;
    const instructedAt = instructed.get(id) ?? turn.now;
    const isInstructed = settlement.state.status !== 'PENDING';
    const before = isInstructed ? settlement : settlementAt(settlement, 'INSTRUCTED', instructedAt);
    if (!isInstructed) turn.rfqs.changeSettlement(before);
    if (status !== 'INSTRUCTED') turn.rfqs.changeSettlement(settlementAt(before, status, turn.now));
  }
}
