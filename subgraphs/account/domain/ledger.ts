import type { LedgerCommand } from './ledger-command.ts';
import type { LedgerAnswer } from './ledger-outcome.ts';

/** The port through which everything that changes a balance goes. */
export interface Ledger {
  /**
   * Runs the commands in this order, together or not at all, and answers after they are stored.
   * @param issuer whose ids the commands carry: a user's id, or a service's name
   * @throws LedgerRefusedError when a command breaks an invariant and nothing took effect; another error when the store
   * fails: then what took effect is unknown to the caller, and repeating the same ids is safe
   */
  run(issuer: string, commands: readonly LedgerCommand[]): Promise<readonly LedgerAnswer[]>;
}
