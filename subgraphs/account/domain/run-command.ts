import { assertNever } from '#shared/domain/invariant.ts';
import type { Applied } from './applied.ts';
import { correctMovement } from './correct-movement.ts';
import { accountsOf, bodyOf, isMoveMoney, type LedgerCommand } from './ledger-command.ts';
import type { LedgerDraft, LedgerView } from './ledger-draft.ts';
import {
  commandKey,
  differingFields,
  type LedgerAnswer,
  type StoredOutcome,
} from './ledger-outcome.ts';
import { moveMoney } from './move-money.ts';
import { placeHold } from './place-hold.ts';
import { releaseHold } from './release-hold.ts';
import { resizeHold } from './resize-hold.ts';
import { settleTrade } from './settle-trade.ts';

/** An answer, and what it changes; null if nothing changes and nothing is kept. */
export interface CommandRun {
  readonly answer: LedgerAnswer;
  readonly draft: LedgerDraft | null;
}

/**
 * Runs one command on the ledger, once: a repetition gets the first answer, and other content under
 * a used id changes nothing. The view stays unchanged; the changes are in the draft.
 * @param issuer the maker of the command's id: a user's id, or a service's name
 * @throws Error if an invariant would break; then nothing is done
 */
export function runCommand(
  view: LedgerView,
  issuer: string,
  command: LedgerCommand,
  atMs: number,
): CommandRun {
  const missing = missingAccount(view, command);
  if (missing !== null)
    return { answer: { kind: 'accountNotFound', accountId: missing }, draft: null };
  const key = commandKey(issuer, command);
  const body = bodyOf(command);
  const first = view.answered(key);
  if (first !== null) {
    const fields = differingFields(first.body, body);
    if (fields.length > 0)
      return { answer: { kind: 'conflict', differingFields: fields }, draft: null };
    return { answer: { kind: 'answered', outcome: first.outcome, replayed: true }, draft: null };
  }
  const { outcome, draft } = apply(view, issuer, command, atMs);
  const answer = { kind: 'answered', outcome, replayed: false } as const;
  if (isForNow(command, outcome)) return { answer, draft: null };
  draft.putAnswered({ key, body, outcome, atMs });
  return { answer, draft };
}

/**
 * Whether the answer holds only for now: a hold that was refused can be asked for again, once its
 * account is no longer frozen or has the funds. Whoever gives it up releases it, which makes it void.
 */
export function isForNow(command: LedgerCommand, { kind }: StoredOutcome): boolean {
  return command.kind === 'placeHold' && kind !== 'applied';
}

function apply(view: LedgerView, issuer: string, command: LedgerCommand, atMs: number): Applied {
  switch (command.kind) {
    case 'placeHold':
      return placeHold(view, command, atMs);
    case 'releaseHold':
      return releaseHold(view, command, atMs);
    case 'growHold':
    case 'shrinkHold':
      return resizeHold(view, command, atMs);
    case 'settleTrade':
      return settleTrade(view, command, atMs);
    case 'deposit':
    case 'withdraw':
    case 'transfer':
      return moveMoney(view, command, issuer, atMs);
    case 'correct':
      return correctMovement(view, command, issuer, atMs);
    default:
      return assertNever(command, 'apply');
  }
}

/**
 * A user's movement to or from a nonexistent account is answered so and not stored; holds have an
 * outcome for it.
 */
function missingAccount(view: LedgerView, command: LedgerCommand) {
  if (!isMoveMoney(command)) return null;
  return accountsOf(command).find((id) => view.account(id) === null) ?? null;
}
