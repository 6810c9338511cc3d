import { ONE, stepOfScale } from '#shared/domain/decimal.ts';
import type { AccountId } from '#shared/domain/ids.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { type Applied, appliedAt, causedBy } from './applied.ts';
import type { BalanceCauseType } from './balance-event.ts';
import { covers } from './balance.ts';
import type { MoveMoney } from './ledger-command.ts';
import type { LedgerView } from './ledger-draft.ts';
import type { TransferRefusalReason } from './ledger-outcome.ts';
import { Posting, type PostingSide } from './posting.ts';

/** The most that one movement can move; keeps every total far inside what the store can hold. */
const MAX_TRANSFER = moneyOfUnits(10n ** 12n * ONE);

const TYPES = {
  deposit: 'DEPOSIT',
  withdraw: 'WITHDRAWAL',
  transfer: 'TRANSFER',
} as const satisfies Record<MoveMoney['kind'], BalanceCauseType>;

/**
 * Moves a user's money, or says why not. Both accounts exist; the caller has checked that.
 * @param issuer the maker of the command's id: ids of two users may be alike
 */
export function moveMoney(
  view: LedgerView,
  command: MoveMoney,
  issuer: string,
  atMs: number,
): Applied {
  const { transferId, asset, amount } = command;
  const posting = new Posting(view, atMs);
  const refusal = refusalOf(view, command);
  if (refusal !== null) return { outcome: refused(refusal), draft: posting.draft };
  const balance = posting.balance(command.from, asset);
  if (!covers(balance, amount)) {
    const outcome = { ...refused('INSUFFICIENT_FUNDS'), free: balance.free };
    return { outcome, draft: posting.draft };
  }

  const type = TYPES[command.kind];
  const [from, to] = [sideOf(command.from), sideOf(command.to)];
  const id = `${issuer}.${transferId}`;
  posting.move({ id, reference: transferId, type, asset, amount, from, to });
  const draft = posting.finish(() => causedBy(type, { transferId }));
  return { outcome: appliedAt(atMs), draft };
}

function refusalOf(view: LedgerView, command: MoveMoney): TransferRefusalReason | null {
  const { asset, amount, from, to } = command;
  const scale = view.assetScale(asset);
  if (scale === null) return 'ASSET_NOT_FOUND';
  const isValid = amount > 0n && amount <= MAX_TRANSFER && amount % stepOfScale(scale) === 0n;
  if (!isValid) return 'INVALID_AMOUNT';
  if (from === to) return 'SAME_ACCOUNT';
  if ([from, to].some((id) => view.account(id)?.isClosed === true)) return 'ACCOUNT_CLOSED';
  return isFrozen(view, command) ? 'ACCOUNT_FROZEN' : null;
}

/** Money from outside is accepted, even into a frozen account. */
function isFrozen(view: LedgerView, { kind, from, to }: MoveMoney): boolean {
  if (kind === 'deposit') return false;
  return [from, to].some((id) => view.account(id)?.tradingState === 'HALTED');
}

function refused(reason: TransferRefusalReason) {
  return { kind: 'transferRefused', reason, free: null } as const;
}

function sideOf(accountId: AccountId): PostingSide {
  return { accountId, holdId: null, orderId: null, fillId: null };
}
