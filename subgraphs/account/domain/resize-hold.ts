import { invariant } from '#shared/domain/invariant.ts';
import { type Applied, appliedAt, causedBy } from './applied.ts';
import { covers } from './balance.ts';
import type { Hold } from './hold.ts';
import type { ResizeHold } from './ledger-command.ts';
import type { LedgerView } from './ledger-draft.ts';
import { Posting } from './posting.ts';

/**
 * Changes the amount of a hold. One that has ended stays unchanged: growing it is answered as void,
 * and shrinking it succeeds, because all of it was released.
 * @throws Error if the hold never existed or belongs to another account, or would release more
 *   than it holds
 */
export function resizeHold(view: LedgerView, command: ResizeHold, atMs: number): Applied {
  const { kind, holdId, accountId } = command;
  const posting = new Posting(view, atMs);
  const answer = (outcome: Applied['outcome']) => ({ outcome, draft: posting.draft });
  const account = view.account(accountId);
  if (account === null) return answer({ kind: 'accountUnavailable' });
  const hold = view.hold(holdId);
  invariant(hold !== null, `there is no hold ${holdId}`);
  invariant(hold.accountId === accountId, `hold ${holdId} is not of account ${accountId}`);
  if (kind === 'shrinkHold') return shrink(posting, command, hold, atMs);
  if (hold.status !== 'PLACED') return answer({ kind: 'holdVoid' });
  if (account.tradingState === 'HALTED') return answer({ kind: 'accountUnavailable' });
  return grow(posting, command, hold, atMs);
}

function grow(
  posting: Posting,
  { accountId, orderId, amount }: ResizeHold,
  hold: Hold,
  atMs: number,
): Applied {
  const { asset } = hold;
  invariant(asset !== null, `hold ${hold.id} holds no asset`);
  posting.checkAmount(asset, amount);
  const balance = posting.balance(accountId, asset);
  if (!covers(balance, amount)) {
    const outcome = { kind: 'insufficientFunds', free: balance.free } as const;
    return { outcome, draft: posting.draft };
  }
  posting.grow(hold, amount);
  const cause = causedBy('HOLD_PLACED', { orderId });
  return { outcome: appliedAt(atMs), draft: posting.finish(() => cause) };
}

function shrink(
  posting: Posting,
  { accountId, orderId, amount }: ResizeHold,
  hold: Hold,
  atMs: number,
): Applied {
  const outcome = appliedAt(atMs);
  if (hold.status !== 'PLACED') return { outcome, draft: posting.draft };
  posting.releasePart({ accountId, holdId: hold.id }, amount);
  const cause = causedBy('HOLD_RELEASED', { orderId });
  return { outcome, draft: posting.finish(() => cause) };
}
