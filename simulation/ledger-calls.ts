import { assertNever } from '#shared/domain/invariant.ts';
import type { StoredOutcome } from '../subgraphs/account/domain/ledger-outcome.ts';
import { parseFundsCommand } from '../subgraphs/account/resolvers/parse-funds-command.ts';
import {
  type Funds,
  type FundsCommand,
  type FundsOutcome,
  FundsRefusedError,
} from '../subgraphs/order/domain/funds.ts';
import type { ProcessLife } from './process-life.ts';
import { RefusedByLedgerError, type SimulatedLedger } from './simulated-ledger.ts';
import type { UnreliableNetwork } from './unreliable-network.ts';

const TIMEOUT_MS = 2500;

/** The ledger as the order process reaches it: over the network, with commands in their plain form. */
export class LedgerCalls implements Funds {
  readonly #ledger: SimulatedLedger;
  readonly #network: UnreliableNetwork;
  readonly #life: ProcessLife;
  readonly #refused: (reason: string) => void;

  /** @param options.refused called if the ledger refuses commands, which must never happen */
  constructor(options: {
    readonly ledger: SimulatedLedger;
    readonly network: UnreliableNetwork;
    readonly life: ProcessLife;
    readonly refused: (reason: string) => void;
  }) {
    this.#ledger = options.ledger;
    this.#network = options.network;
    this.#life = options.life;
    this.#refused = options.refused;
  }

  /** See {@link Funds.apply}. */
  apply(commands: readonly FundsCommand[]): Promise<readonly FundsOutcome[]> {
    if (this.#life.isOver) return new Promise(() => undefined);
    const sent = commands.map(parseFundsCommand);
    return this.#life.hear(
      this.#network.call(async () => {
        try {
          return (await this.#ledger.apply(sent)).map(outcomeOf);
        } catch (cause) {
          if (!(cause instanceof RefusedByLedgerError)) throw cause;
          this.#refused(cause.message);
          throw new FundsRefusedError(cause.message);
        }
      }, TIMEOUT_MS),
    );
  }
}

function outcomeOf(outcome: StoredOutcome): FundsOutcome {
  switch (outcome.kind) {
    case 'applied':
      return { kind: 'APPLIED', free: null };
    case 'insufficientFunds':
      return { kind: 'INSUFFICIENT_FUNDS', free: outcome.free };
    case 'accountUnavailable':
      return { kind: 'ACCOUNT_UNAVAILABLE', free: null };
    case 'holdVoid':
      return { kind: 'HOLD_VOID', free: null };
    case 'transferRefused':
    case 'correctionRefused':
      throw new Error('no command of an order is a transfer');
    default:
      return assertNever(outcome, 'outcomeOf');
  }
}
