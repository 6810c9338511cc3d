import { invariant } from '#shared/domain/invariant.ts';
import { idOf, type LedgerCommand } from './ledger-command.ts';
import type { StoredOutcome } from './ledger-outcome.ts';
import type { Ledger } from './ledger.ts';

type ServiceOutcome = Exclude<StoredOutcome, { kind: 'transferRefused' | 'correctionRefused' }>;

/** The outcome of a service's command. */
export interface FundsOutcome {
  /** The id that the command was sent with. */
  readonly id: string;
  readonly outcome: ServiceOutcome;
  readonly replayed: boolean;
}

/**
 * Runs a service's commands in their order and in one transaction, each once.
 * @param service the maker of the ids
 * @throws LedgerRefusedError if one of them breaks an invariant; then none took effect
 */
export async function applyFunds(
  ledger: Ledger,
  service: string,
  commands: readonly LedgerCommand[],
): Promise<readonly FundsOutcome[]> {
  const answers = await ledger.run(service, commands);
  return commands.map((command, index) => {
    const answer = answers[index];
    const id = idOf(command);
    invariant(answer?.kind === 'answered', `the ${command.kind} ${id} was not answered`);
    const { outcome, replayed } = answer;
    invariant(
      outcome.kind !== 'transferRefused' && outcome.kind !== 'correctionRefused',
      `the ${command.kind} ${id} was not a user's`,
    );
    return { id, outcome, replayed };
  });
}
