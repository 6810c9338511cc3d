import type { BalanceCause, BalanceCauseType } from './balance-event.ts';
import type { LedgerDraft } from './ledger-draft.ts';
import type { StoredOutcome } from './ledger-outcome.ts';

/** The outcome of a command, and its changes; a refused one changes no balance. */
export interface Applied {
  readonly outcome: StoredOutcome;
  readonly draft: LedgerDraft;
}

/** The outcome of a command that took effect. */
export function appliedAt(atMs: number): StoredOutcome {
  return { kind: 'applied', atMs };
}

/** A cause with the ids that identify it. */
export function causedBy(
  type: BalanceCauseType,
  ids: Partial<Omit<BalanceCause, 'type'>>,
): BalanceCause {
  return { type, orderId: null, tradeId: null, transferId: null, ...ids };
}
