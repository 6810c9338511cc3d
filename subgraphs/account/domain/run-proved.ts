import type { UserId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { textOf, type UserCommand } from './ledger-command.ts';
import type { CodeReason, LedgerAnswer } from './ledger-outcome.ts';
import type { Ledger } from './ledger.ts';

/** How a user proves that they have their second factor. */
export interface CodeProof {
  /** Whether a code is asked for. */
  isAsked(): Promise<boolean>;
  /**
   * Uses the code up for this alone. Null if it is right, or none is asked for.
   * @param use all of what it is shown for, as text
   */
  refusalOf(use: string): Promise<CodeReason | null>;
}

/** The ledger's answer, or why the code was refused. */
export type ProvedAnswer =
  LedgerAnswer | { readonly kind: 'unproved'; readonly reason: CodeReason };

/** What a command takes besides its content. */
interface Proof<Held> {
  readonly code: CodeProof;
  /** What stands in the way now, such as a role that was lost; null for nothing. */
  readonly heldNow: () => Promise<Held | null>;
}

/**
 * Runs a user's command that takes a code. What the ledger refuses anyway uses none up: the app shows the next one only
 * half a minute later.
 */
export async function runProved<Held>(
  ledger: Ledger,
  userId: UserId,
  command: UserCommand,
  { code, heldNow }: Proof<Held>,
): Promise<ProvedAnswer | Held> {
  if (await code.isAsked()) {
    const answer = await ledger.tryOut(userId, command);
    if (answer.kind !== 'applicable') return answer;
    const reason = await code.refusalOf(textOf(command));
    if (reason !== null) return { kind: 'unproved', reason };
    // The code waits for what else the user does, which they can prolong until after they were removed.
    const held = await heldNow();
    if (held !== null) return held;
  }
  return runAlone(ledger, userId, command);
}

/** Runs a user's command. */
export async function runAlone(
  ledger: Ledger,
  userId: UserId,
  command: UserCommand,
): Promise<LedgerAnswer> {
  const [answer] = await ledger.run(userId, [command]);
  invariant(answer !== undefined, `the ledger did not answer a ${command.kind}`);
  return answer;
}
