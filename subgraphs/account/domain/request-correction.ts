import { MAX_REASON_LENGTH, parseDisplayText } from '#shared/domain/display-text.ts';
import {
  type AccountId,
  parseAccountId,
  parseTransferId,
  type UserId,
} from '#shared/domain/ids.ts';
import { assertNever, invariant } from '#shared/domain/invariant.ts';
import { type Money, parseMoney, ZERO_MONEY } from '#shared/domain/money.ts';
import { parseSequence } from '#shared/domain/sequence.ts';
import type { EntryReads } from './entry-reads.ts';
import type { CorrectMovement } from './ledger-command.ts';
import type { CodeReason, CorrectionRefusal, LedgerAnswer } from './ledger-outcome.ts';
import type { Ledger } from './ledger.ts';
import { type CodeProof, runAlone, runProved } from './run-proved.ts';

/** The desk's request, as text. */
export interface CorrectionRequest {
  readonly transferId: string;
  /** The account of the entry, and the entry. */
  readonly accountId: string;
  readonly sequence: string;
  /** Null for the whole amount. */
  readonly amount: string | null;
  readonly reason: string;
}

/** Why nothing was corrected; the first reason that applies, in this order. */
type CorrectionRefusalReason =
  | 'NOT_THE_DESK'
  | 'INVALID_TRANSFER_ID'
  | 'REASON_INVALID'
  | 'ENTRY_NOT_FOUND'
  | CorrectionRefusal
  | CodeReason;

/** The outcome of a correction. */
export type CorrectionOutcome =
  | { readonly kind: 'applied'; readonly replayed: boolean; readonly atMs: number }
  | {
      readonly kind: 'refused';
      readonly reason: CorrectionRefusalReason;
      readonly free: Money | null;
    }
  | { readonly kind: 'conflict'; readonly differingFields: readonly string[] };

/** What a correction needs. */
export interface CorrectionPorts {
  readonly ledger: Ledger;
  readonly entries: Pick<EntryReads, 'movementOf' | 'isCorrectionAnswered'>;
}

/** Who requests it. */
export interface CorrectionRequester {
  readonly userId: UserId;
  /** Whether they act for the desk now. */
  readonly isDesk: () => Promise<boolean>;
  /** For a correction that was not answered before. */
  readonly code: CodeProof;
}

/**
 * Corrects an entry, once for each id, by new entries on both accounts that say what they correct.
 * A user who is not the desk learns nothing about what exists.
 */
export async function requestCorrection(
  { ledger, entries }: CorrectionPorts,
  requester: CorrectionRequester,
  request: CorrectionRequest,
): Promise<CorrectionOutcome> {
  const { userId, isDesk } = requester;
  if (!(await isDesk())) return refused('NOT_THE_DESK');
  const correctionId = parseTransferId(request.transferId);
  if (correctionId === null) return refused('INVALID_TRANSFER_ID');
  const reason = parseDisplayText(request.reason, MAX_REASON_LENGTH);
  if (reason === null) return refused('REASON_INVALID');
  const accountId = parseAccountId(request.accountId);
  const corrects = accountId === null ? null : await movementOf(entries, accountId, request);
  if (corrects === null) return refused('ENTRY_NOT_FOUND');
  const { amount: text } = request;
  const amount = text === null ? corrects.amount : (parseMoney(text) ?? ZERO_MONEY);
  const command: CorrectMovement = {
    kind: 'correct',
    correctionId,
    corrects,
    amount,
    reason,
    actor: userId,
  };
  const isRepeated = await entries.isCorrectionAnswered(userId, correctionId);
  const answer = isRepeated
    ? await runAlone(ledger, userId, command)
    : await runProved(ledger, userId, command, {
        code: requester.code,
        heldNow: async () => ((await isDesk()) ? null : ({ kind: 'notTheDesk' } as const)),
      });
  if (answer.kind === 'notTheDesk') return refused('NOT_THE_DESK');
  return answer.kind === 'unproved' ? refused(answer.reason) : outcomeOf(answer);
}

async function movementOf(
  entries: CorrectionPorts['entries'],
  accountId: AccountId,
  { sequence: text }: CorrectionRequest,
) {
  const sequence = parseSequence(text);
  return sequence === null ? null : entries.movementOf(accountId, sequence);
}

function refused(reason: CorrectionRefusalReason): CorrectionOutcome {
  return { kind: 'refused', reason, free: null };
}

function outcomeOf(answer: LedgerAnswer): CorrectionOutcome {
  if (answer.kind === 'conflict') return answer;
  invariant(answer.kind === 'answered', 'an entry was there and its account was not');
  const { outcome, replayed } = answer;
  switch (outcome.kind) {
    case 'applied':
      return { kind: 'applied', replayed, atMs: outcome.atMs };
    case 'correctionRefused':
      return { kind: 'refused', reason: outcome.reason, free: outcome.free };
    case 'insufficientFunds':
    case 'accountUnavailable':
    case 'accountClosed':
    case 'holdVoid':
    case 'transferRefused':
      throw new Error(`Invariant: a correction was answered as ${outcome.kind}`);
    default:
      return assertNever(outcome, 'outcomeOf');
  }
}
