import { invariant } from '#shared/domain/invariant.ts';
import { type Applied, appliedAt, causedBy } from './applied.ts';
import { releaseHold as endHold, voidHold } from './hold.ts';
import type { ReleaseHold } from './ledger-command.ts';
import type { LedgerView } from './ledger-draft.ts';
import { Posting } from './posting.ts';

/**
 * Gives back what is left of a hold. One that never came is recorded as void, so that it cannot be
 * placed later; one that has ended already has nothing left to give, which is no failure.
 * @throws Error when the hold is another account's
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
