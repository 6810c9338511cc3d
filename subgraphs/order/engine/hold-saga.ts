import { formatUnits } from '#shared/domain/decimal.ts';
import type { HoldId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { FaultPoint } from '#shared/faults/fault-point.ts';
import type { Logger } from '#shared/logging/logger.ts';
import {
  type Funds,
  type FundsCommand,
  type FundsOutcome,
  FundsRefusedError,
} from '../domain/ports/funds.ts';
import type { Instruments } from '../domain/ports/instruments.ts';
import type { ChangeSet } from '../domain/ports/journal-store.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { isExit } from '../domain/order-link.ts';
import type { GroupCommit } from '#shared/store/group-commit.ts';
import { type EngineMeasures, NOTHING_MEASURED } from './engine-measures.ts';
import { groupCall } from './group-call.ts';
import type { JournalListener } from './journal-listener.ts';
import type { Journal } from './journal.ts';
import type { JournalState } from './journal-state.ts';
import type { DecidedAmends } from './decided-amends.ts';
import { type Pause, pauseFor } from './pause.ts';
import { resolveAmend } from './resolve-amend.ts';
import { mustWait, resolveHold } from './resolve-hold.ts';
import { StopGate } from './stop-gate.ts';

const HOLDS_PER_CALL = 300;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;
/**
 * The longest pause of an exit whose account is frozen: shorter than between the audit's two looks, so
 * that it is never reported as stuck for not having asked yet.
 */
const FROZEN_ASK_MS = 1500;
/** How often an exit looks whether its instrument trades again. */
const STOPPED_LOOK_MS = 500;

/** Something to ask for, once. */
interface Ask {
  readonly key: string;
  readonly command: FundsCommand;
}

/** What the saga needs. */
export interface HoldSagaOptions {
  readonly journal: Journal;
  readonly funds: Funds;
  readonly instruments: Instruments;
  /** Those who wait for changes that need a larger hold. */
  readonly amends: DecidedAmends;
  /** Resolves once the ledger knows of every trade and release that was stored before. */
  readonly settled: () => Promise<void>;
  readonly faults: FaultPoint;
  /** Measures nothing if omitted. */
  readonly measures?: EngineMeasures | undefined;
  readonly logger: Logger;
  /** By the machine's clock if omitted. */
  readonly pause?: Pause;
}

/**
 * Gets every submitted order its hold, or its denial, and every changed one its larger hold, or its
 * refusal: asks the ledger, again and again if it does not answer (the same hold is placed once),
 * and brings the answer back into the journal. Holds that are wanted during a call share the next
 * one.
 */
export class HoldSaga implements JournalListener {
  readonly #options: HoldSagaOptions;
  readonly #calls: GroupCommit<FundsCommand, FundsOutcome>;
  /** What is being asked for; what was decided otherwise meanwhile is dropped at its next step. */
  readonly #working = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new StopGate();
  /** How often the books were read. */
  #loads = 0;
  #hasBooks = false;

  constructor(options: HoldSagaOptions) {
    this.#options = options;
    this.#calls = groupCall((commands) => this.#ask(commands), {
      limit: HOLDS_PER_CALL,
      mayIsolate: (cause) => cause instanceof FundsRefusedError,
    });
  }

  loaded(state: JournalState): void {
    this.#loads += 1;
    this.#hasBooks = true;
    for (const order of state.orders()) this.#begin(order);
  }

  /** The new owner works on them; those who wait notice at their next step. */
  resigned(): void {
    this.#hasBooks = false;
    this.#working.clear();
  }

  committed({ inserted, updated }: ChangeSet): void {
    // Stored just before the books were lost: their owner has read it.
    if (!this.#hasBooks) return;
    for (const order of inserted) this.#begin(order);
    for (const order of updated) {
      if (order.state.status !== 'SUBMITTED') this.#working.delete(order.id);
      this.#begin(order);
    }
  }

  /** Stops asking; a call in progress is waited for, and the rest continues at the next start. */
  async stop(): Promise<void> {
    this.#stopping.stop();
    await Promise.all(this.#running);
  }

  #begin(order: RecordedOrder): void {
    const asked = askOf(order);
    if (asked === null || this.#working.has(asked.key)) return;
    this.#working.add(asked.key);
    const running = this.#holdFunds(order, asked);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #holdFunds(order: RecordedOrder, { key, command }: Ask): Promise<void> {
    const stopping = this.#stopping;
    const { pause = pauseFor } = this.#options;
    let longestMs = LONGEST_RETRY_MS;
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, longestMs)) {
      if (stopping.isStopped || !this.#working.has(key)) return;
      try {
        const outcome = await this.#outcomeOf(order, command);
        if (outcome === null) return;
        await this.#tradable(order, key);
        const loads = this.#loads;
        const isDecided = await this.#resolve(order, outcome);
        // If the books were read again meanwhile, what the answer left in memory may be gone with
        // them.
        if (isDecided && loads === this.#loads) return void this.#working.delete(key);
        longestMs = FROZEN_ASK_MS;
      } catch {
        // The failed call, or the journal, has reported it; here it is only tried again.
        longestMs = LONGEST_RETRY_MS;
      }
      await pause(waitMs, stopping);
    }
  }

  async #submit(command: FundsCommand): Promise<FundsOutcome> {
    const { measures = NOTHING_MEASURED } = this.#options;
    const startedAtMs = performance.now();
    let isAnswered = false;
    try {
      const outcome = await this.#calls.submit(command);
      isAnswered = true;
      return outcome;
    } finally {
      measures.holdAsked({ seconds: (performance.now() - startedAtMs) / 1000, isAnswered });
    }
  }

  /**
   * What frees the funds of an order can be on its way: a release, or the proceeds of a sale, of which its client has been
   * answered. So the ledger's refusal counts only after all that. An exit, whose purchase pays for it, and an amend, whose
   * refusal is final, wait before they ask.
   * @returns null if the saga is stopped first
   */
  async #outcomeOf(order: RecordedOrder, command: FundsCommand): Promise<FundsOutcome | null> {
    const stopping = this.#stopping;
    const mustSettle = isExit(order) || order.state.status === 'PENDING_UPDATE';
    if (mustSettle) await this.#settled();
    if (stopping.isStopped) return null;
    const outcome = await this.#submit(command);
    if (mustSettle || outcome.kind !== 'INSUFFICIENT_FUNDS') return outcome;
    await this.#settled();
    return stopping.isStopped ? null : this.#submit(command);
  }

  /** Resolves once the ledger knows of everything that was stored before, or the saga is stopped. */
  #settled(): Promise<void> {
    return this.#stopping.wait((done) => {
      void this.#options.settled().then(done);
      return () => undefined;
    });
  }

  /** An exit that has its hold is placed once its instrument trades. */
  async #tradable(order: RecordedOrder, key: string): Promise<void> {
    const { instruments, pause = pauseFor } = this.#options;
    const isStopped = () => {
      const instrument = instruments.get(order.symbol);
      return instrument !== undefined && mustWait(order, instrument);
    };
    while (isStopped() && this.#working.has(key) && !this.#stopping.isStopped)
      await pause(STOPPED_LOOK_MS, this.#stopping);
  }

  /** Reported once for all orders of a call: they are many when the ledger is away. */
  async #ask(commands: readonly FundsCommand[]): Promise<readonly FundsOutcome[]> {
    const { funds, faults, logger } = this.#options;
    try {
      faults('holds-not-asked');
      const outcomes = await funds.apply(commands);
      faults('holds-answered');
      return outcomes;
    } catch (cause) {
      logger.warn({ err: cause, holds: commands.length }, 'could not request holds');
      throw cause;
    }
  }

  /** @returns whether it is decided */
  async #resolve(order: RecordedOrder, outcome: FundsOutcome): Promise<boolean> {
    const { journal, instruments, amends } = this.#options;
    const instrument = await instruments.find(order.symbol);
    invariant(instrument !== undefined, `the instrument of order ${order.id} is gone`);
    const { id: orderId, state } = order;
    if (state.status !== 'PENDING_UPDATE')
      return journal.run((turn) => resolveHold(turn, { orderId, outcome, instrument }));
    const { changeId } = state.pending;
    const answer = { orderId, changeId, outcome, instrument };
    amends.decided(changeId, await journal.run((turn) => resolveAmend(turn, answer)));
    return true;
  }
}

/** What the ledger is asked for an order; null if nothing. */
function askOf(order: RecordedOrder): Ask | null {
  const { state } = order;
  if (state.status === 'SUBMITTED') return { key: order.id, command: placeHoldOf(order) };
  if (state.status !== 'PENDING_UPDATE') return null;
  const { changeId, growth } = state.pending;
  const { id: orderId, accountId } = order;
  const holdId = orderId as string as HoldId;
  const amount = formatUnits(growth);
  return { key: changeId, command: { growHold: { changeId, holdId, accountId, orderId, amount } } };
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
