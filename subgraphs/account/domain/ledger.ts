import type { LedgerCommand, UserCommand } from './ledger-command.ts';
import type { LedgerAnswer } from './ledger-outcome.ts';

/** The port for everything that changes a balance. */
export interface Ledger {
  /**
   * Runs the commands in this order, together or not at all, and answers after they are stored.
   * @param issuer the maker of their ids: a user's id, or a service's name
   * @throws LedgerRefusedError if a command breaks an invariant and nothing took effect; another
   *   error if the store fails: then what took effect is unknown to the caller, and repeating the
   *   same ids is safe
   */
  run(issuer: string, commands: readonly LedgerCommand[]): Promise<readonly LedgerAnswer[]>;
  /**
   * Answers a user's command as {@link Ledger.run} does, and so with a refusal that is final, but
   * leaves undone what would be applied now: that is `applicable`.
   */
  tryOut(issuer: string, command: UserCommand): Promise<LedgerAnswer>;
}
