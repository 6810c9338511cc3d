import { setTimeout as pause } from 'node:timers/promises';
import { formatUnits } from '#shared/domain/decimal.ts';
import type { HoldId, OrderId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { FaultPoint } from '#shared/faults/fault-point.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { ExecutionVenue } from '../domain/execution-venue.ts';
import {
  type Funds,
  type FundsCommand,
  type FundsOutcome,
  FundsRefusedError,
} from '../domain/funds.ts';
import type { Instruments } from '../domain/instruments.ts';
import type { ChangeSet } from '../domain/journal-store.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import type { GroupCommit } from '#shared/store/group-commit.ts';
import { groupCall } from './group-call.ts';
import type { Journal, JournalListener } from './journal.ts';
import type { JournalState } from './journal-state.ts';
import { resolveHold } from './resolve-hold.ts';

const HOLDS_PER_CALL = 300;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;

/** What the saga stands on. */
export interface HoldSagaOptions {
  readonly journal: Journal;
  readonly funds: Funds;
  readonly venue: ExecutionVenue;
  readonly instruments: Instruments;
  /** Resolves once the ledger knows of every trade that was stored before. */
  readonly settled: () => Promise<void>;
  readonly faults: FaultPoint;
  readonly logger: Logger;
}

/**
 * Sees to it that every submitted order gets its hold, or its denial: asks the ledger, again and
 * again where it does not answer (the same hold is placed once), and brings the answer back into
 * the journal. Holds that are wanted while a call is on its way share the next call.
 */
export class HoldSaga implements JournalListener {
  readonly #options: HoldSagaOptions;
  readonly #calls: GroupCommit<FundsCommand, FundsOutcome>;
  /** Orders being worked on; one that was decided otherwise meanwhile leaves at its next step. */
  readonly #working = new Set<OrderId>();
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(options: HoldSagaOptions) {
    this.#options = options;
    this.#calls = groupCall((commands) => this.#ask(commands), {
      limit: HOLDS_PER_CALL,
      mayIsolate: (cause) => cause instanceof FundsRefusedError,
    });
  }

  loaded(state: JournalState): void {
    for (const order of state.orders()) this.#begin(order);
  }

  /** Whoever has the books now works on them; those who wait find it out at their next step. */
  resigned(): void {
    this.#working.clear();
  }

  committed({ inserted, updated }: ChangeSet): void {
    for (const order of inserted) this.#begin(order);
    for (const order of updated)
      if (order.state.status !== 'SUBMITTED') this.#working.delete(order.id);
  }

  /** Stops asking; what is on its way is waited for, and goes on at the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  #begin(order: RecordedOrder): void {
    if (order.state.status !== 'SUBMITTED' || this.#working.has(order.id)) return;
    this.#working.add(order.id);
    const running = this.#holdFunds(order);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #holdFunds(order: RecordedOrder): Promise<void> {
    const command = placeHoldOf(order);
    const { signal } = this.#stopping;
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
      if (signal.aborted || !this.#working.has(order.id)) return;
      // What an exit sells is the account's only once its purchase is settled.
      if (order.link.parentOrderId !== null)
        await Promise.race([this.#options.settled(), aborted(signal)]);
      if (signal.aborted) return;
      try {
        return await this.#resolve(order, await this.#calls.submit(command));
      } catch {
        // The failed call, or the journal, has told of it; here it is only tried again.
      }
      await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Told once for all orders of a call: they are many when the ledger is away. */
  async #ask(commands: readonly FundsCommand[]): Promise<readonly FundsOutcome[]> {
    const { funds, faults, logger } = this.#options;
    try {
      const outcomes = await funds.apply(commands);
      faults('holds-answered');
      return outcomes;
    } catch (cause) {
      logger.warn({ err: cause, holds: commands.length }, 'holds could not be asked for');
      throw cause;
    }
  }

  async #resolve(order: RecordedOrder, outcome: FundsOutcome): Promise<void> {
    const { journal, venue, instruments } = this.#options;
    const instrument = await instruments.find(order.symbol);
    invariant(instrument !== undefined, `the instrument of order ${order.id} is gone`);
    const answer = { orderId: order.id, outcome, instrument };
    await journal.run((turn) => resolveHold(turn, venue, answer));
    this.#working.delete(order.id);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function placeHoldOf(order: RecordedOrder): FundsCommand {
  const { hold } = order;
  invariant(hold !== null, `order ${order.id} is submitted without a hold`);
  return {
    placeHold: {
      holdId: order.id as string as HoldId,
      accountId: order.accountId,
      asset: hold.asset,
      amount: formatUnits(hold.placed),
      orderId: order.id,
    },
  };
}
