import { stepOfScale } from '#shared/domain/decimal.ts';
import type { AccountId } from '#shared/domain/ids.ts';
import { type Applied, appliedAt, causedBy } from './applied.ts';
import { covers } from './balance.ts';
import type { CorrectMovement } from './ledger-command.ts';
import type { LedgerView } from './ledger-draft.ts';
import type { CorrectionRefusal } from './ledger-outcome.ts';
import { Posting, type PostingSide } from './posting.ts';

/**
 * Corrects a movement by an opposite one, or says why not: never by more than was moved, however
 * many corrections there are, and never out of held money.
 * @param issuer the maker of the command's id
 */
export function correctMovement(
  view: LedgerView,
  command: CorrectMovement,
  issuer: string,
  atMs: number,
): Applied {
  const { correctionId, corrects, amount, reason, actor } = command;
  const { asset } = corrects;
  const posting = new Posting(view, atMs);
  const refusal = refusalOf(view, command);
  if (refusal !== null)
    return { outcome: { ...refused(refusal), free: null }, draft: posting.draft };
  const balance = posting.balance(corrects.to, asset);
  if (!covers(balance, amount)) {
    const outcome = { ...refused('INSUFFICIENT_FUNDS'), free: balance.free };
    return { outcome, draft: posting.draft };
  }

  posting.move({
    // With a character that no id of a user's own movements contains.
    id: `${issuer}/${correctionId}`,
    reference: correctionId,
    type: 'CORRECTION',
    asset,
    amount,
    from: sideOf(corrects.to),
    to: sideOf(corrects.from),
    correction: { corrects: corrects.id, reason, actor },
  });
  const draft = posting.finish(() => causedBy('CORRECTION', { transferId: correctionId }));
  return { outcome: appliedAt(atMs), draft };
}

function refusalOf(
  view: LedgerView,
  { corrects, amount }: CorrectMovement,
): CorrectionRefusal | null {
  const scale = view.assetScale(corrects.asset);
  const isValid = scale !== null && amount > 0n && amount % stepOfScale(scale) === 0n;
  if (!isValid || amount > corrects.amount) return 'INVALID_AMOUNT';
  const left = corrects.amount - view.correctedOf(corrects.id);
  if (amount > left) return 'ALREADY_CORRECTED';
  // Nobody could take the money off a closed account again.
  const isClosed = [corrects.from, corrects.to].some((id) => view.account(id)?.isClosed === true);
  return isClosed ? 'ACCOUNT_CLOSED' : null;
}

function refused(reason: CorrectionRefusal) {
  return { kind: 'correctionRefused', reason } as const;
}

function sideOf(accountId: AccountId): PostingSide {
  return { accountId, holdId: null, orderId: null, fillId: null };
}
