import { invariant } from '#shared/domain/invariant.ts';
import { idOf, isOfUser, type LedgerCommand } from './ledger-command.ts';
import { LedgerDraft, type LedgerView } from './ledger-draft.ts';
import type { LedgerAnswer } from './ledger-outcome.ts';
import { LedgerRefusedError } from './ledger-refused-error.ts';
import { runCommand } from './run-command.ts';

/** Commands that take effect together or not at all, in this order. */
export interface LedgerCall {
  /** The maker of the commands' ids: a user's id, or a service's name. */
  readonly issuer: string;
  readonly commands: readonly LedgerCommand[];
  /** Whether what would be applied is left undone, and answered as `applicable`; false if omitted. */
  readonly isTrial?: boolean;
}

/** A call's answers in the order of its commands, or a {@link LedgerRefusedError}; then nothing of it was done. */
export type CallResult =
  | { readonly kind: 'done'; readonly answers: readonly LedgerAnswer[] }
  | { readonly kind: 'failed'; readonly cause: unknown };

/**
 * Runs the calls one after another, each on top of the previous ones. A call that fails leaves no
 * trace and does not affect the others.
 */
export function runBatch(
  view: LedgerView,
  calls: readonly LedgerCall[],
  atMs: number,
): { readonly results: readonly CallResult[]; readonly draft: LedgerDraft } {
  const draft = new LedgerDraft(view);
  const results = calls.map((call): CallResult => {
    try {
      const { answers, changes } = runCall(draft, call, atMs);
      draft.absorb(changes);
      return { kind: 'done', answers };
    } catch (cause) {
      return { kind: 'failed', cause: new LedgerRefusedError(cause) };
    }
  });
  return { results, draft };
}

function runCall(
  view: LedgerView,
  { issuer, commands, isTrial = false }: LedgerCall,
  atMs: number,
) {
  const changes = new LedgerDraft(view);
  const answers = commands.map((command) => {
    const { answer, draft } = runCommand(changes, issuer, command, atMs);
    if (isTrial && isAppliedNow(answer)) return { kind: 'applicable' } as const;
    if (draft !== null) changes.absorb(draft);
    invariant(
      answer.kind !== 'conflict' || isOfUser(command),
      `the id ${idOf(command)} of a ${command.kind} came again with another content`,
    );
    return answer;
  });
  return { answers, changes };
}

function isAppliedNow(answer: LedgerAnswer): boolean {
  return answer.kind === 'answered' && !answer.replayed && answer.outcome.kind === 'applied';
}
