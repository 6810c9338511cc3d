import type { Clock } from '#shared/domain/clock.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import type { FaultPoint } from '#shared/faults/fault-point.ts';
import { GroupCommit, type WorkResult } from '#shared/store/group-commit.ts';
import {
  isContentRefusal,
  isRaised,
  isRetryable,
  isUniqueViolation,
} from '#shared/store/database-failure.ts';
import { TRANSACTION_LIMITS } from '#shared/store/postgres-adapter.ts';
import { retryTransaction } from '#shared/store/retry-transaction.ts';
import type { PreparedStatements } from '#shared/store/prepared-statements.ts';
import { PresentWrite } from '#shared/store/present-write.ts';
import type { Prisma } from '../__generated__/prisma/client.ts';
import type { BalanceEvent } from '../domain/balance-event.ts';
import type { Hold } from '../domain/hold.ts';
import {
  accountsOf,
  isOfUser,
  type LedgerCommand,
  type UserCommand,
} from '../domain/ledger-command.ts';
import type { LedgerAccount, LedgerChanges, LedgerView } from '../domain/ledger-draft.ts';
import type { LedgerAnswer } from '../domain/ledger-outcome.ts';
import { LedgerRefusedError } from '../domain/ledger-refused-error.ts';
import type { Ledger } from '../domain/ledger.ts';
import { type CallResult, type LedgerCall, runBatch } from '../domain/run-batch.ts';
import { isForNow } from '../domain/run-command.ts';
import type { AccountClient } from './account-client.ts';
import { passLedgerFaults } from './ledger-faults.ts';
import { LedgerMemory } from './ledger-memory.ts';
import { type AnswerRow, loadLedger, readAnswers, readScales, viewOf } from './load-ledger.ts';
import { ledgerComparisonOf, ledgerWriteOf } from './write-ledger.ts';

/** The most commands in one transaction. */
const BATCH_LIMIT = 500;

type Answers = readonly LedgerAnswer[];

/** The results of a batch of calls, and what it changes. */
interface Batch {
  readonly results: readonly CallResult[];
  readonly changes: LedgerChanges;
}

/**
 * The ledger in PostgreSQL: one writer, one transaction per batch. If memory has all the accounts of a batch, it is
 * calculated from memory, and the transaction is one statement that first checks that they have not changed. Otherwise
 * they are read under their locks. After the commit the events are published on the bus, and then the callers get their
 * answers.
 */
export class LedgerStore implements Ledger {
  readonly #client: AccountClient;
  readonly #statements: PreparedStatements;
  readonly #bus: EventBus;
  readonly #clock: Clock;
  readonly #faults: FaultPoint;
  readonly #group: GroupCommit<LedgerCall, Answers>;
  readonly #memory = new LedgerMemory();
  #lastAtMs = 0;
  readonly #present = new PresentWrite();

  constructor(options: {
    readonly client: AccountClient;
    /** Uses the client's connections. */
    readonly statements: PreparedStatements;
    readonly bus: EventBus;
    readonly clock: Clock;
    readonly faults: FaultPoint;
  }) {
    this.#client = options.client;
    this.#statements = options.statements;
    this.#bus = options.bus;
    this.#clock = options.clock;
    this.#faults = options.faults;
    this.#group = new GroupCommit({
      commit: (calls) => this.#present.note(this.#commit(calls)),
      weigh: ({ commands }) => commands.length,
      limit: BATCH_LIMIT,
      mayIsolate: isContentRefusal,
    });
  }

  async run(issuer: string, commands: readonly LedgerCommand[]): Promise<Answers> {
    return commands.length === 0 ? [] : this.#submit({ issuer, commands });
  }

  async tryOut(issuer: string, command: UserCommand): Promise<LedgerAnswer> {
    const [answer] = await this.#submit({ issuer, commands: [command], isTrial: true });
    invariant(answer !== undefined, 'the ledger did not answer a trial');
    return answer;
  }

  async #submit(call: LedgerCall): Promise<Answers> {
    try {
      return await this.#group.submit(call);
    } catch (cause) {
      // A database constraint is an invariant, too. The call ran alone, so the breach is its own.
      throw isContentRefusal(cause) ? new LedgerRefusedError(cause) : cause;
    }
  }

  /** Resolves once no batch is being written. */
  idle(): Promise<void> {
    return this.#group.idle();
  }

  /** See {@link PresentWrite.past}; of this process. */
  past(): Promise<void> {
    return this.#present.past();
  }

  async #commit(calls: readonly LedgerCall[]): Promise<readonly WorkResult<Answers>[]> {
    passLedgerFaults(this.#faults, calls, 'notStored');
    const { results, changes } = (await this.#fromMemory(calls)) ?? (await this.#underLock(calls));
    passLedgerFaults(this.#faults, calls, 'stored');
    for (const event of changes.events) this.#publish(event);
    return results.map(workResultOf);
  }

  /**
   * Runs the batch as one statement, after those that read earlier answers.
   * @returns null if memory lacks something or is outdated
   */
  async #fromMemory(calls: readonly LedgerCall[]): Promise<Batch | null> {
    const commands = calls.flatMap((call) => call.commands);
    if (!this.#memory.covers(commands)) return null;
    if (!this.#memory.knowsAssetsOf(commands))
      this.#memory.learnScales(await readScales(this.#client));
    const accountIds = [...new Set(commands.flatMap(accountsOf))];
    const expected = accountIds.flatMap((id) => this.#memory.account(id) ?? []);
    const batch = await this.#runFromMemory(calls);
    if (batch.results.some(({ kind }) => kind === 'failed')) return null;
    const isWritten = batch.changes.answered.length > 0;
    try {
      // Unless it is compared, what memory says cannot be the answer.
      await this.#statements.run(
        isWritten ? writeOf(this.#memory, expected, batch.changes) : ledgerComparisonOf(expected),
      );
    } catch (cause) {
      // Nothing was written. The run under the lock finds out why, and what memory has of it that is outdated: to forget
      // everything here would let one user who repeats an id slow the holds of all others.
      if (isStaleLedger(cause) || isRetryable(cause) || isUniqueViolation(cause)) return null;
      throw cause;
    }
    this.#memory.absorb(batch.changes);
    return batch;
  }

  /** Calculates the batch, and reads the earlier answers that this takes. */
  async #runFromMemory(calls: readonly LedgerCall[]): Promise<Batch> {
    const read = (sql: Prisma.Sql) => this.#statements.run<AnswerRow>(sql);
    // Otherwise each id that a user repeats would have the whole batch run under the lock, which takes many times as long.
    const toUsers = await readAnswers(read, ofUsers(calls));
    const batch = this.#run(this.#memory.withAnswers(toUsers), calls);
    // Nothing is written for a refused hold, so the database refuses no repetition: it can have been placed before, and
    // what it holds is what is lacking.
    const toRefused = await readAnswers(read, refusedHolds(batch, calls));
    if (toRefused.size === 0) return batch;
    return this.#run(this.#memory.withAnswers(new Map([...toUsers, ...toRefused])), calls);
  }

  async #underLock(calls: readonly LedgerCall[]): Promise<Batch> {
    const { rows, ...batch } = await retryTransaction(
      () => this.#transact(calls),
      // Another process used one of the ids first: the next try finds its answer and replays it.
      (error) => isRetryable(error) || isUniqueViolation(error),
    );
    this.#memory.learn(rows);
    this.#memory.absorb(batch.changes);
    return batch;
  }

  #transact(calls: readonly LedgerCall[]) {
    return this.#client.$transaction(async (statements) => {
      const rows = await loadLedger(statements, calls);
      // The last writer may be another process whose clock is ahead.
      for (const { changedAtMs } of rows.balances.values())
        this.#lastAtMs = Math.max(this.#lastAtMs, changedAtMs);
      const view = viewOf(rows);
      const batch = this.#run(view, calls);
      const isWritten = batch.changes.answered.length > 0;
      const expected = [...rows.accounts.values()];
      if (isWritten) await statements.$executeRaw(writeOf(view, expected, batch.changes));
      return { ...batch, rows };
    }, TRANSACTION_LIMITS);
  }

  #run(view: LedgerView, calls: readonly LedgerCall[]): Batch {
    const { results, draft } = runBatch(view, calls, this.#now());
    return { results, changes: draft.changes() };
  }

  /**
   * The time of a batch, never earlier than the last write to any of its accounts, even if the clock was set back or
   * another process's clock is ahead. Balances at an instant and the entries of a period are looked up by these times.
   */
  #now(): number {
    this.#lastAtMs = Math.max(this.#lastAtMs, this.#clock.now());
    return this.#lastAtMs;
  }

  #publish(event: BalanceEvent): void {
    const { accountId, sequence } = event;
    this.#bus.publish('balance.events', { streamId: accountId, sequence, event });
  }
}

function writeOf(view: LedgerView, expected: readonly LedgerAccount[], changes: LedgerChanges) {
  const isKnownHold = ({ id }: Hold) => view.hold(id) !== null;
  return ledgerWriteOf({ expected, isKnownHold, changes });
}

/** What users ask for in the calls. */
function ofUsers(calls: readonly LedgerCall[]): readonly LedgerCall[] {
  return calls.map((call) => ({ ...call, commands: call.commands.filter(isOfUser) }));
}

/** The holds of the calls that were refused only for now. */
function refusedHolds({ results }: Batch, calls: readonly LedgerCall[]): readonly LedgerCall[] {
  return calls.map((call, index) => {
    const result = results[index];
    const answers = result?.kind === 'done' ? result.answers : [];
    const isRefused = (command: LedgerCommand, position: number) => {
      const answer = answers[position];
      return answer?.kind === 'answered' && isForNow(command, answer.outcome);
    };
    return { ...call, commands: call.commands.filter(isRefused) };
  });
}

/** Whether `assert_ledger_is_current` raised this error. */
function isStaleLedger(cause: unknown): boolean {
  return isRaised(cause, 'DG001');
}

function workResultOf(result: CallResult): WorkResult<Answers> {
  return result.kind === 'done' ? { kind: 'done', result: result.answers } : result;
}
