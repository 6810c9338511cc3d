import { type AccountId, parseAssetCode, trusted } from '#shared/domain/ids.ts';
import { ZERO_MONEY } from '#shared/domain/money.ts';
import { type AccountKind, DESK_ACCOUNTS } from '../subgraphs/account/domain/account.ts';
import {
  accountsOf,
  bodyOf,
  holdsOf,
  type LedgerCommand,
} from '../subgraphs/account/domain/ledger-command.ts';
import {
  balanceKey,
  type LedgerChanges,
  LedgerDraft,
  type LedgerView,
} from '../subgraphs/account/domain/ledger-draft.ts';
import { commandKey, type StoredOutcome } from '../subgraphs/account/domain/ledger-outcome.ts';
import { runBatch } from '../subgraphs/account/domain/run-batch.ts';
import { deposit } from '../subgraphs/account/domain/test-commands.ts';
import { LedgerMemory } from '../subgraphs/account/store/ledger-memory.ts';
import type { Misfortune } from './misfortune.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The assets of all accounts. */
const ASSETS = ['BTC', 'ETH', 'USDT'].map((code) => trusted(parseAssetCode, code));
const CRASH_SHARE = 0.02;
const SLOWEST_COMMIT_MS = 8;
const ISSUER = 'order';

/** The ledger refused one of the commands and therefore applied none. */
export class RefusedByLedgerError extends Error {}

/**
 * The account subgraph's ledger. Its rules and its memory are real; the database is a map that commits
 * whole calls. Its process can die before or after a commit, and then loses its memory.
 */
export class SimulatedLedger {
  readonly #time: VirtualTime;
  readonly #misfortune: Misfortune;
  readonly #stored: LedgerDraft;
  #memory = new LedgerMemory();
  #applied = 0;

  constructor(time: VirtualTime, misfortune: Misfortune, clients: readonly AccountId[]) {
    this.#time = time;
    this.#misfortune = misfortune;
    this.#stored = new LedgerDraft(emptyLedger(clients));
    const deposits = clients.flatMap((id) => [
      deposit(`btc-${id}`, id, '5', 'BTC'),
      deposit(`eth-${id}`, id, '5', 'ETH'),
      deposit(`usdt-${id}`, id, '500', 'USDT'),
    ]);
    this.#stored.absorb(runBatch(this.#stored, [{ issuer: 'u', commands: deposits }], 0).draft);
  }

  /** Applies all commands or none. @throws RefusedByLedgerError, or another error if the process dies */
  async apply(commands: readonly LedgerCommand[]): Promise<readonly StoredOutcome[]> {
    await new Promise<void>((resolve) =>
      this.#time.after(this.#misfortune.random.between(1, SLOWEST_COMMIT_MS), resolve),
    );
    this.#mayDie();
    const outcomes = this.#commit(commands.map((command) => this.#misread(command)));
    this.#mayDie();
    return outcomes;
  }

  /** Freezes an account, or ends that: it gets no new holds, and its trades settle. */
  freeze(accountId: AccountId, tradingState: 'ACTIVE' | 'HALTED'): void {
    const account = this.#stored.account(accountId);
    if (account === null) throw new Error(`there is no account ${accountId}`);
    this.#stored.putAccount({ ...account, tradingState });
    this.#memory.forget();
  }

  /** Everything that is stored. */
  changes(): LedgerChanges {
    return this.#stored.changes();
  }

  #mayDie(): void {
    if (!this.#misfortune.strikes(CRASH_SHARE)) return;
    this.#memory = new LedgerMemory();
    throw new Error('the account process died');
  }

  #misread(command: LedgerCommand): LedgerCommand {
    if (command.kind !== 'growHold' || this.#misfortune.planted !== 'GROWTH_TWICE') return command;
    this.#applied += 1;
    const changeId = `${command.changeId}-${this.#applied}` as typeof command.changeId;
    return { ...command, changeId };
  }

  /** Commits from memory if that suffices, as the real store does; otherwise from the stored rows. */
  #commit(commands: readonly LedgerCommand[]): readonly StoredOutcome[] {
    if (this.#memory.covers(commands)) {
      const batch = this.#run(this.#memory, commands);
      if (this.#isTaken(commands)) this.#memory.forget();
      else if (batch.outcomes !== null) return this.#store(batch.draft, batch.outcomes);
    }
    const { draft, outcomes, cause } = this.#run(this.#stored, commands);
    if (outcomes === null)
      throw new RefusedByLedgerError(
        `${String(cause)} ${JSON.stringify(commands.map((command) => [command.kind, bodyOf(command)]))}`,
      );
    this.#learn(commands);
    return this.#store(draft, outcomes);
  }

  /** Whether the database would refuse a second row: for an answer, or for a hold that already ended. */
  #isTaken(commands: readonly LedgerCommand[]): boolean {
    return commands.some(
      (command) =>
        this.#stored.answered(commandKey(ISSUER, command)) !== null ||
        (command.kind === 'placeHold' && this.#stored.hold(command.holdId) !== null),
    );
  }

  #run(view: LedgerView, commands: readonly LedgerCommand[]) {
    const { results, draft } = runBatch(view, [{ issuer: ISSUER, commands }], this.#time.now());
    const [result] = results;
    const outcomes =
      result?.kind === 'done'
        ? result.answers.flatMap((answer) => (answer.kind === 'answered' ? [answer.outcome] : []))
        : null;
    return { draft, outcomes, cause: result?.kind === 'failed' ? result.cause : null };
  }

  #store(draft: LedgerDraft, outcomes: readonly StoredOutcome[]): readonly StoredOutcome[] {
    this.#stored.absorb(draft);
    this.#memory.absorb(draft.changes());
    return outcomes;
  }

  #learn(commands: readonly LedgerCommand[]): void {
    const stored = this.#stored;
    const accounts = commands.flatMap(accountsOf).flatMap((id) => stored.account(id) ?? []);
    const balances = accounts.flatMap(({ id }) =>
      ASSETS.flatMap((asset) => stored.balance(id, asset) ?? []),
    );
    const holds = commands.flatMap(holdsOf).flatMap((id) => stored.hold(id) ?? []);
    this.#memory.learn({
      accounts: new Map(accounts.map((account) => [account.id, account])),
      balances: new Map(balances.map((one) => [balanceKey(one.accountId, one.asset), one])),
      holds: new Map(holds.map((hold) => [hold.id, hold])),
      scales: new Map(ASSETS.map((asset) => [asset, 8])),
      answers: new Map(),
      corrected: new Map(),
    });
  }
}

function emptyLedger(clients: readonly AccountId[]): LedgerView {
  const kinds = new Map<string, AccountKind>([
    ...clients.map((id) => [id, 'CLIENT'] as const),
    [DESK_ACCOUNTS.HOUSE, 'HOUSE'],
    [DESK_ACCOUNTS.FEES, 'FEES'],
    [DESK_ACCOUNTS.EXTERNAL, 'EXTERNAL'],
  ]);
  return {
    account: (id) => {
      const kind = kinds.get(id);
      if (kind === undefined) return null;
      const open = { tradingState: 'ACTIVE', isClosed: false } as const;
      return { id, kind, ...open, entrySequence: 0n, balanceSequence: 0n };
    },
    balance: () => null,
    hold: () => null,
    assetScale: (asset) => (ASSETS.includes(asset) ? 8 : null),
    answered: () => null,
    correctedOf: () => ZERO_MONEY,
  };
}
