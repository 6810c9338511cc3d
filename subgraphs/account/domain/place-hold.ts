import { invariant } from '#shared/domain/invariant.ts';
import { covers } from './balance.ts';
import { placedHold } from './hold.ts';
import type { LedgerView } from './ledger-draft.ts';
import type { PlaceHold } from './ledger-command.ts';
import { type Applied, appliedAt, causedBy } from './applied.ts';
import { Posting } from './posting.ts';

/**
 * Places a hold for an order, or says why not.
 * @throws Error for an unknown asset or an invalid amount, which the order subgraph must check
 *   first
 */
export function placeHold(view: LedgerView, command: PlaceHold, atMs: number): Applied {
  const { holdId, accountId, asset, amount, orderId } = command;
  const posting = new Posting(view, atMs);
  const refuse = (outcome: Applied['outcome']) => ({ outcome, draft: posting.draft });
  posting.checkAmount(asset, amount);
  const account = view.account(accountId);
  if (account?.isClosed) return refuse({ kind: 'accountClosed' });
  if (account === null || account.tradingState === 'HALTED')
    return refuse({ kind: 'accountUnavailable' });
  // The desk's own accounts place no orders: the house would trade with itself, and its books show
  // only one side of that.
  if (account.kind !== 'CLIENT') return refuse({ kind: 'accountUnavailable' });
  const earlier = view.hold(holdId);
  if (earlier?.status === 'VOID') return refuse({ kind: 'holdVoid' });
  invariant(earlier === null, `hold ${holdId} is there, but its command is not`);

  const key = { id: holdId, accountId, orderId, createdAtMs: atMs };
  const balance = posting.balance(accountId, asset);
  if (!covers(balance, amount)) return refuse({ kind: 'insufficientFunds', free: balance.free });
  posting.place(placedHold(key, asset, amount));
  const cause = causedBy('HOLD_PLACED', { orderId });
  return { outcome: appliedAt(atMs), draft: posting.finish(() => cause) };
}
