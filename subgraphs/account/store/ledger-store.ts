import type { Clock } from '#shared/domain/clock.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { GroupCommit, type WorkResult } from '#shared/store/group-commit.ts';
import {
  isContentRefusal,
  isRetryable,
  isUniqueViolation,
} from '#shared/store/database-failure.ts';
import { TRANSACTION_LIMITS } from '#shared/store/postgres-adapter.ts';
import { retryTransaction } from '#shared/store/retry-transaction.ts';
import type { BalanceEvent } from '../domain/balance-event.ts';
import type { LedgerCommand } from '../domain/ledger-command.ts';
import type { LedgerAnswer } from '../domain/ledger-outcome.ts';
import type { Ledger } from '../domain/ledger.ts';
import { type CallResult, type LedgerCall, runBatch } from '../domain/run-batch.ts';
import type { AccountClient } from './account-client.ts';
import { loadLedger } from './load-ledger.ts';
import { writeLedger } from './write-ledger.ts';

/** The most commands of one transaction. */
const BATCH_LIMIT = 500;

type Answers = readonly LedgerAnswer[];

/**
 * The ledger on PostgreSQL: one writer, one transaction a batch. After the commit the events go to
 * the bus, then the callers are answered.
 */
export class LedgerStore implements Ledger {
  readonly #client: AccountClient;
  readonly #bus: EventBus;
  readonly #clock: Clock;
  readonly #group: GroupCommit<LedgerCall, Answers>;

  constructor(options: {
    readonly client: AccountClient;
    readonly bus: EventBus;
    readonly clock: Clock;
  }) {
    this.#client = options.client;
    this.#bus = options.bus;
    this.#clock = options.clock;
    this.#group = new GroupCommit({
      commit: (calls) => this.#commit(calls),
      weigh: ({ commands }) => commands.length,
      limit: BATCH_LIMIT,
      mayIsolate: isContentRefusal,
    });
  }

  run(issuer: string, commands: readonly LedgerCommand[]): Promise<Answers> {
    if (commands.length === 0) return Promise.resolve([]);
    return this.#group.submit({ issuer, commands });
  }

  /** Resolves once nothing is on its way to the database. */
  idle(): Promise<void> {
    return this.#group.idle();
  }

  async #commit(calls: readonly LedgerCall[]): Promise<readonly WorkResult<Answers>[]> {
    const { results, events } = await retryTransaction(
      () => this.#transact(calls),
      // Another process used one of the ids first: the next try finds its answer and replays it.
      (error) => isRetryable(error) || isUniqueViolation(error),
    );
    for (const event of events) this.#publish(event);
    return results.map(workResultOf);
  }

  #transact(calls: readonly LedgerCall[]) {
    return this.#client.$transaction(async (statements) => {
      const view = await loadLedger(statements, calls);
      const { results, draft } = runBatch(view, calls, this.#clock.now());
      const changes = draft.changes();
      if (changes.answered.length > 0) await writeLedger(statements, changes);
      return { results, events: changes.events };
    }, TRANSACTION_LIMITS);
  }

  #publish(event: BalanceEvent): void {
    const { accountId, sequence } = event;
    this.#bus.publish('balance.events', { accountId, sequence, event });
  }
}

function workResultOf(result: CallResult): WorkResult<Answers> {
  return result.kind === 'done' ? { kind: 'done', result: result.answers } : result;
}
