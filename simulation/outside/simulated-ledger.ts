import { isDeepStrictEqual } from 'node:util';
import { type AccountId, parseAssetCode, trusted } from '#shared/domain/ids.ts';
import { ZERO_MONEY } from '#shared/domain/money.ts';
import { closureStandingOf } from '../../subgraphs/account/domain/account-closure.ts';
import { type AccountKind, DESK_ACCOUNTS } from '../../subgraphs/account/domain/account.ts';
import type { Balance } from '../../subgraphs/account/domain/balance.ts';
import {
  accountsOf,
  bodyOf,
  holdsOf,
  isOfUser,
  type LedgerCommand,
} from '../../subgraphs/account/domain/ledger-command.ts';
import {
  balanceKey,
  keyText,
  type LedgerAccount,
  type LedgerChanges,
  LedgerDraft,
  type LedgerView,
} from '../../subgraphs/account/domain/ledger-draft.ts';
import {
  commandKey,
  type LedgerAnswer,
  type StoredOutcome,
} from '../../subgraphs/account/domain/ledger-outcome.ts';
import { type LedgerCall, runBatch } from '../../subgraphs/account/domain/run-batch.ts';
import { isForNow } from '../../subgraphs/account/domain/run-command.ts';
import { deposit } from '../../subgraphs/account/domain/test-commands.ts';
import { LedgerMemory } from '../../subgraphs/account/store/ledger-memory.ts';
import type { Misfortune } from '../misfortune.ts';
import type { VirtualTime } from '../virtual-time.ts';

/** The assets of all accounts. */
const ASSETS = ['BTC', 'ETH', 'USDT'].map((code) => trusted(parseAssetCode, code));
const SCALE = 8;
const CRASH_SHARE = 0.02;
const SLOWEST_COMMIT_MS = 8;
const ORDERS = 'order';
/** Processes of the account subgraph, on one store. */
const PROCESSES = 2;

/** The ledger refused one of the commands and therefore applied none. */
export class RefusedByLedgerError extends Error {}

/**
 * The account subgraph's ledger, in several processes. Its rules and its memory are real; the database is a map that
 * commits whole calls. A process can die before or after a commit, and then loses its memory.
 */
export class SimulatedLedger {
  readonly #time: VirtualTime;
  readonly #misfortune: Misfortune;
  readonly #stored: LedgerDraft;
  readonly #memories = Array.from({ length: PROCESSES }, () => new LedgerMemory());
  readonly #closedAt = new Map<AccountId, number>();
  readonly #contradictions: string[] = [];
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

  /** Applies all commands of the order subgraph or none. @throws as {@link SimulatedLedger.run} */
  async apply(commands: readonly LedgerCommand[]): Promise<readonly StoredOutcome[]> {
    const answers = await this.run(
      ORDERS,
      commands.map((command) => this.#misread(command)),
    );
    return answers.flatMap((answer) => (answer.kind === 'answered' ? [answer.outcome] : []));
  }

  /** Runs all commands or none. @throws RefusedByLedgerError, or another error if the process dies */
  async run(issuer: string, commands: readonly LedgerCommand[]): Promise<readonly LedgerAnswer[]> {
    const { random } = this.#misfortune;
    await new Promise<void>((resolve) =>
      this.#time.after(random.between(1, SLOWEST_COMMIT_MS), resolve),
    );
    const process = random.between(0, PROCESSES - 1);
    this.#mayDie(process);
    const answers = this.#commit(process, { issuer, commands });
    this.#mayDie(process);
    return answers;
  }

  /** Freezes an account, or ends that: it gets no new holds, and its trades settle. */
  freeze(accountId: AccountId, tradingState: 'ACTIVE' | 'HALTED'): void {
    const account = this.#accountOf(accountId);
    if (!account.isClosed) this.#stored.putAccount({ ...account, tradingState });
  }

  /** Closes an account if it has nothing. @returns whether it is closed now */
  close(accountId: AccountId): boolean {
    const { kind, tradingState, isClosed, ...account } = this.#accountOf(accountId);
    const standing = closureStandingOf(
      {
        ...{ id: accountId, kind, tradingState, name: accountId, createdAtMs: 0 },
        closedAtMs: isClosed ? 0 : null,
        freeze: !isClosed && tradingState === 'HALTED' ? { reason: 'as drawn', sinceMs: 0 } : null,
      },
      this.#balancesOf(accountId)
        .filter(({ free }) => free !== 0n || !this.#misfortune.shows('CLOSED_TOO_SOON'))
        .map((balance) => ({ balance, scale: SCALE })),
    );
    if (standing.kind === 'closable') {
      this.#closedAt.set(accountId, this.changes().entries.length);
      this.#stored.putAccount({ ...account, kind, tradingState: 'HALTED', isClosed: true });
    }
    return standing.kind === 'closed' || standing.kind === 'closable';
  }

  /** What an account can move now, by asset. */
  free(accountId: AccountId): readonly Pick<Balance, 'asset' | 'free'>[] {
    return this.#balancesOf(accountId);
  }

  /** How many entries the ledger had when each closed account was closed. */
  get closedAt(): ReadonlyMap<AccountId, number> {
    return this.#closedAt;
  }

  /** What it has answered though it knows otherwise. */
  get contradictions(): readonly string[] {
    return this.#contradictions;
  }

  /** Everything that is stored. */
  changes(): LedgerChanges {
    return this.#stored.changes();
  }

  #accountOf(accountId: AccountId): LedgerAccount {
    const account = this.#stored.account(accountId);
    if (account === null) throw new Error(`there is no account ${accountId}`);
    return account;
  }

  #balancesOf(accountId: AccountId): readonly Balance[] {
    return ASSETS.flatMap((asset) => this.#stored.balance(accountId, asset) ?? []);
  }

  #mayDie(process: number): void {
    if (!this.#misfortune.strikes(CRASH_SHARE)) return;
    this.#memories[process] = new LedgerMemory();
    throw new Error('the account process died');
  }

  #misread(command: LedgerCommand): LedgerCommand {
    if (command.kind !== 'growHold' || this.#misfortune.planted !== 'GROWTH_TWICE') return command;
    this.#applied += 1;
    const changeId = `${command.changeId}-${this.#applied}` as typeof command.changeId;
    return { ...command, changeId };
  }

  /** Commits from memory if that suffices and is not outdated, as the real store does; otherwise from the stored rows. */
  #commit(process: number, call: LedgerCall): readonly LedgerAnswer[] {
    const memory = this.#memories[process] ?? new LedgerMemory();
    if (memory.covers(call.commands) && memory.knowsAssetsOf(call.commands)) {
      const { answers, draft } = this.#runFromMemory(memory, call);
      if (answers !== null && !this.#isRefused(memory, call, draft.changes())) {
        this.#compare(call, answers);
        return this.#store(memory, draft, answers);
      }
    }
    const { draft, answers, cause } = this.#run(this.#stored, call);
    if (answers === null)
      throw new RefusedByLedgerError(
        `${String(cause)} ${JSON.stringify(call.commands.map((command) => [command.kind, bodyOf(command)]))}`,
      );
    this.#learn(memory, call.commands);
    return this.#store(memory, draft, answers);
  }

  /** Reads the earlier answers that the real store reads: to users, and to holds that would be refused for now. */
  #runFromMemory(memory: LedgerMemory, call: LedgerCall) {
    const toUsers = this.#answersTo(call, call.commands.filter(isOfUser));
    const first = this.#run(memory.withAnswers(toUsers), call);
    const toRefused = this.#answersTo(
      call,
      call.commands.filter((command, position) => {
        const answer = first.answers?.[position];
        return answer?.kind === 'answered' && isForNow(command, answer.outcome);
      }),
    );
    if (toRefused.size === 0 || this.#misfortune.shows('REPETITION_FORGOTTEN')) return first;
    return this.#run(memory.withAnswers(new Map([...toUsers, ...toRefused])), call);
  }

  /** A hold that was placed is never refused for what it holds itself. */
  #compare({ commands }: LedgerCall, answers: readonly LedgerAnswer[]): void {
    for (const [position, command] of commands.entries()) {
      const answer = answers[position];
      if (command.kind !== 'placeHold' || answer?.kind !== 'answered') continue;
      const isRefused = answer.outcome.kind === 'insufficientFunds';
      if (isRefused && this.#stored.hold(command.holdId)?.status === 'PLACED')
        this.#contradictions.push(`${command.holdId} was placed, and is refused for lack of funds`);
    }
  }

  #answersTo({ issuer }: LedgerCall, commands: readonly LedgerCommand[]) {
    const keys = commands.map((command) => commandKey(issuer, command));
    const answers = keys.flatMap((key) => this.#stored.answered(key) ?? []);
    return new Map(answers.map((answered) => [keyText(answered.key), answered]));
  }

  /**
   * Whether the database would refuse what was calculated from memory: an account has changed since, or there would be
   * a second row for an answer, or for a hold that memory does not know.
   */
  #isRefused(memory: LedgerMemory, { commands }: LedgerCall, changes: LedgerChanges): boolean {
    const stored = this.#stored;
    const isOutdated = commands
      .flatMap(accountsOf)
      .some((id) => !isDeepStrictEqual(memory.account(id), stored.account(id)));
    return (
      (isOutdated && !this.#misfortune.shows('COMPARISON_FORGOTTEN')) ||
      changes.answered.some(({ key }) => stored.answered(key) !== null) ||
      changes.holds.some(({ id }) => memory.hold(id) === null && stored.hold(id) !== null)
    );
  }

  #run(view: LedgerView, call: LedgerCall) {
    const { results, draft } = runBatch(view, [call], this.#time.now());
    const [result] = results;
    return {
      draft,
      answers: result?.kind === 'done' ? result.answers : null,
      cause: result?.kind === 'failed' ? result.cause : null,
    };
  }

  #store(
    memory: LedgerMemory,
    draft: LedgerDraft,
    answers: readonly LedgerAnswer[],
  ): readonly LedgerAnswer[] {
    this.#stored.absorb(draft);
    memory.absorb(draft.changes());
    return answers;
  }

  #learn(memory: LedgerMemory, commands: readonly LedgerCommand[]): void {
    const stored = this.#stored;
    const accounts = commands.flatMap(accountsOf).flatMap((id) => stored.account(id) ?? []);
    const balances = accounts.flatMap(({ id }) => this.#balancesOf(id));
    const holds = commands.flatMap(holdsOf).flatMap((id) => stored.hold(id) ?? []);
    memory.learn({
      accounts: new Map(accounts.map((account) => [account.id, account])),
      balances: new Map(balances.map((one) => [balanceKey(one.accountId, one.asset), one])),
      holds: new Map(holds.map((hold) => [hold.id, hold])),
      scales: new Map(ASSETS.map((asset) => [asset, SCALE])),
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
    assetScale: (asset) => (ASSETS.includes(asset) ? SCALE : null),
    answered: () => null,
    correctedOf: () => ZERO_MONEY,
  };
}
