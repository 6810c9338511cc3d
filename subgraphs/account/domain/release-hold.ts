import { invariant } from '#shared/domain/invariant.ts';
import { type Applied, appliedAt, causedBy } from './applied.ts';
import { releaseHold as endHold, voidHold } from './hold.ts';
import type { ReleaseHold } from './ledger-command.ts';
import type { LedgerView } from './ledger-draft.ts';
import { Posting } from './posting.ts';

/**
 * Releases what is left of a hold. One that was never placed is recorded as void, so that it cannot
 * be placed later; for one that has ended there is nothing to do.
 * @throws Error if the hold belongs to another account
 */
export function releaseHold(view: LedgerView, command: ReleaseHold, atMs: number): Applied {
  const { holdId, accountId, orderId } = command;
  const posting = new Posting(view, atMs);
  const outcome = appliedAt(atMs);
  if (view.account(accountId) === null)
    return { outcome: { kind: 'accountUnavailable' }, draft: posting.draft };
  const hold = view.hold(holdId);
  if (hold === null) {
    posting.place(voidHold({ id: holdId, accountId, orderId, createdAtMs: atMs }));
    return { outcome, draft: posting.draft };
  }
  invariant(hold.accountId === accountId, `hold ${holdId} is not of account ${accountId}`);
  if (hold.status !== 'PLACED') return { outcome, draft: posting.draft };
  posting.release(hold, endHold(hold));
  const cause = causedBy('HOLD_RELEASED', { orderId });
  return { outcome, draft: posting.finish(() => cause) };
}
