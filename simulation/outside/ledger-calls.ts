import { assertNever } from '#shared/domain/invariant.ts';
import type { StoredOutcome } from '../../subgraphs/account/domain/ledger-outcome.ts';
import { parseFundsCommand } from '../../subgraphs/account/resolvers/parse-funds-command.ts';
import {
  type Funds,
  type FundsCommand,
  type FundsOutcome,
  FundsRefusedError,
} from '../../subgraphs/order/domain/ports/funds.ts';
import type { Misfortune } from '../misfortune.ts';
import type { ProcessLife } from '../process-life.ts';
import { RefusedByLedgerError, type SimulatedLedger } from './simulated-ledger.ts';
import type { UnreliableNetwork } from './unreliable-network.ts';

const TIMEOUT_MS = 2500;
const REFUSED_SHARE = 0.008;

/** The ledger as the order process reaches it: over the network, with commands in their plain form. */
export class LedgerCalls implements Funds {
  readonly #ledger: SimulatedLedger;
  readonly #network: UnreliableNetwork;
  readonly #life: ProcessLife;
  readonly #unfit: RefusedCommands;
  readonly #refused: (reason: string) => void;

  /** @param options.refused called if the ledger refuses commands, which must never happen */
  constructor(options: {
    readonly ledger: SimulatedLedger;
    readonly network: UnreliableNetwork;
    readonly life: ProcessLife;
    readonly unfit: RefusedCommands;
    readonly refused: (reason: string) => void;
  }) {
    this.#ledger = options.ledger;
    this.#network = options.network;
    this.#life = options.life;
    this.#unfit = options.unfit;
    this.#refused = options.refused;
  }

  /** See {@link Funds.apply}. */
  apply(commands: readonly FundsCommand[]): Promise<readonly FundsOutcome[]> {
    if (this.#life.isOver) return new Promise(() => undefined);
    for (const command of commands) this.#unfit.draw(command);
    const sent = commands.map(parseFundsCommand);
    return this.#life.hear(
      this.#network.call(async () => {
        if (commands.some((command) => this.#unfit.has(command)))
          throw new FundsRefusedError('The ledger is out of order for this command.');
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

/** Commands that the ledger refuses for what they ask until it is put right. Outlives every process. */
export class RefusedCommands {
  readonly #misfortune: Misfortune;
  readonly #drawn = new Map<string, boolean>();

  constructor(misfortune: Misfortune) {
    this.#misfortune = misfortune;
  }

  /** Decides once about each command. */
  draw(command: FundsCommand): void {
    const key = JSON.stringify(command);
    if (!this.#drawn.has(key)) this.#drawn.set(key, this.#misfortune.strikes(REFUSED_SHARE));
  }

  /** Whether the ledger refuses this command now. */
  has(command: FundsCommand): boolean {
    return !this.#misfortune.isCalm && this.#drawn.get(JSON.stringify(command)) === true;
  }

  /** How many there were. */
  get count(): number {
    return [...this.#drawn.values()].filter(Boolean).length;
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
    case 'accountClosed':
      return { kind: 'ACCOUNT_CLOSED', free: null };
    case 'holdVoid':
      return { kind: 'HOLD_VOID', free: null };
    case 'transferRefused':
    case 'correctionRefused':
      throw new Error('no command of an order is a transfer');
    default:
      return assertNever(outcome, 'outcomeOf');
  }
}
