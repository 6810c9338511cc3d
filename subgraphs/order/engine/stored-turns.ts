import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { FaultPoint } from '#shared/faults/fault-point.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { Outage } from '#shared/logging/outage.ts';
import { arrive } from '../domain/arriving-order.ts';
import type { ExecutionVenue } from '../domain/ports/execution-venue.ts';
import type { Instruments } from '../domain/ports/instruments.ts';
import type { MarketQuotes } from '../domain/ports/market-quotes.ts';
import type { ChangeSet, JournalStore } from '../domain/ports/journal-store.ts';
import { NotOwnerError } from '../domain/ports/not-owner-error.ts';
import type { OutboxEntry } from '../domain/ports/outbox.ts';
import { TurnRefusedError } from '../domain/ports/turn-refused-error.ts';
import { UnavailableError } from '../domain/ports/unavailable-error.ts';
import { type EngineMeasures, NOTHING_MEASURED } from './engine-measures.ts';
import { FaultSearch } from './fault-search.ts';
import type { JournalListener } from './journal-listener.ts';
import { JournalState } from './journal-state.ts';
import { restingOrders } from './resting-orders.ts';
import { NO_QUOTING, type QuotingDesk } from './rfq/rfq-turn.ts';
import {
  type Command,
  type LeftWork,
  NOTHING_LEFT,
  runTurn,
  type TurnOutcome,
} from './run-turn.ts';
import { setAside } from './set-aside.ts';
import { settleExits } from './settle-exits.ts';
import { passTurnFaults } from './turn-faults.ts';
import { TurnSize } from './turn-size.ts';
import { Turn } from './turn.ts';

/** What the journal needs. */
export interface JournalOptions {
  readonly store: JournalStore;
  readonly venue: ExecutionVenue;
  /** What waiting orders watch. */
  readonly quotes: MarketQuotes;
  readonly instruments: Instruments;
  /** Resolves once there are instruments; turns wait for it. */
  readonly ready: Promise<void>;
  readonly clock: Clock;
  /** Random ids for fills and trades. */
  readonly newId: () => string;
  /** How requests for quote are priced; not at all if omitted. */
  readonly quoting?: QuotingDesk;
  /** Takes the positions in the outbox that the ledger has applied; there are none if omitted. */
  readonly takeApplied?: () => readonly bigint[];
  /** The most events of one turn; see {@link TurnSize} if omitted. */
  readonly mostEvents?: number;
  readonly faults: FaultPoint;
  /** Measures nothing if omitted. */
  readonly measures?: EngineMeasures | undefined;
  readonly logger: Logger;
}

type Commands = readonly Command[];

/** The outcome of a command. */
export type Outcome =
  { readonly kind: 'done' } | { readonly kind: 'failed'; readonly cause: unknown };

/** A turn that is not stored yet. */
interface Applied extends TurnOutcome {
  readonly changes: ChangeSet;
}

/** The outcome of a turn; a refused one may show that its one command was at fault. */
type Tried =
  | ({ readonly kind: 'stored'; readonly outbox: readonly OutboxEntry[] } & Applied)
  | { readonly kind: 'refused'; readonly cause: unknown; readonly isBlamed: boolean };

const NOT_STORED = 'could not store a turn';

/** The outcome of a turn that did not reach its commands. */
const NOTHING_FINISHED: TurnOutcome = { finished: 0, left: NOTHING_LEFT };

/**
 * The books in memory, and the turns that change them: each is applied in memory and stored in one
 * transaction. After one that could not be stored the books are read again before the next.
 */
export class StoredTurns {
  readonly #options: JournalOptions;
  readonly #listeners: readonly JournalListener[];
  readonly #search: FaultSearch;
  readonly #size: TurnSize;
  readonly #outage: Outage;
  #state: JournalState | null = null;
  /** Whether the state is ahead of the store for good, and must be read again. */
  #isLost = false;
  /** The newest recorded time: no later record is older, whatever the clock says. */
  #newestAt = 0;
  #left: LeftWork = NOTHING_LEFT;
  /** How often this process has lost the ownership of the books. */
  #resignations = 0;

  /** @param listeners notified of everything; others can be added to it */
  constructor(options: JournalOptions, listeners: readonly JournalListener[]) {
    this.#options = options;
    this.#listeners = listeners;
    this.#search = new FaultSearch(options.logger);
    this.#size = new TurnSize(options.mostEvents);
    this.#outage = new Outage(options.logger, {
      away: NOT_STORED,
      back: 'turns are stored again',
      level: 'error',
    });
  }

  /** See {@link Journal.state}. */
  get state(): JournalState | null {
    return this.#state;
  }

  /** Whether the last turn has left work to the next, and no lost turn has undone it. */
  get isUnfinished(): boolean {
    const isLeft = this.#left.triggers !== null || this.#state?.arriving !== undefined;
    return isLeft && !this.#isLost;
  }

  /** Commands arrive that are unrelated to the earlier ones. */
  begin(): void {
    this.#search.begin();
  }

  /** One turn. @returns the outcomes of the first commands; none if it did not reach them */
  async take(commands: Commands): Promise<readonly Outcome[]> {
    try {
      // One at a time, while the cause of a refused turn is being searched for.
      const tried = await this.#store(this.#search.isCareful ? commands.slice(0, 1) : commands);
      if (tried.kind === 'refused')
        return tried.isBlamed ? [{ kind: 'failed', cause: tried.cause }] : [];
      for (const listener of this.#listeners) listener.committed?.(tried.changes, tried.outbox);
      return commands.slice(0, tried.finished).map(() => ({ kind: 'done' }));
    } catch (cause) {
      return commands.map(() => ({ kind: 'failed', cause }));
    }
  }

  /** Forgets the books, which another process has now. */
  resign(): void {
    this.#resignations += 1;
    this.#search.resigned();
    this.#state = null;
    this.#left = NOTHING_LEFT;
    this.#options.venue.restore([]);
    for (const listener of this.#listeners) listener.resigned?.();
  }

  async #store(commands: Commands): Promise<Tried> {
    const { faults, logger, store } = this.#options;
    const left = this.#left;
    this.#left = NOTHING_LEFT;
    let turn: Turn | null = null;
    try {
      const state = this.#isLost || this.#state === null ? await this.#load() : this.#state;
      const resignations = this.#resignations;
      const startedAtMs = performance.now();
      turn = this.#begin(state);
      const applied = this.#apply(turn, commands, left);
      passTurnFaults(faults, applied.changes, 'not-stored');
      const outbox = await store.commit(applied.changes);
      passTurnFaults(faults, applied.changes, 'stored');
      this.#outage.answered();
      turn.stored();
      this.#search.stored();
      // What was begun in books that were given away meanwhile is for their next owner to continue.
      this.#left = resignations === this.#resignations ? applied.left : NOTHING_LEFT;
      this.#size.stored();
      this.#measure(applied.changes, startedAtMs);
      return { kind: 'stored', outbox, ...applied };
    } catch (cause) {
      if (cause instanceof NotOwnerError) {
        this.resign();
        throw cause;
      }
      this.#isLost = true;
      const { measures = NOTHING_MEASURED } = this.#options;
      measures.turnLost(cause instanceof TurnRefusedError ? 'refused' : 'unavailable');
      if (cause instanceof TurnRefusedError) {
        logger.error({ err: cause, commands: commands.length }, NOT_STORED);
        return { kind: 'refused', cause, isBlamed: this.#search.refused(turn?.suspects) };
      }
      this.#outage.failed(cause, { commands: commands.length });
      this.#search.lost();
      this.#size.lost();
      throw new UnavailableError('The order store did not respond.', cause);
    }
  }

  #measure({ events, rfq }: ChangeSet, startedAtMs: number): void {
    const { measures = NOTHING_MEASURED } = this.#options;
    const recorded = events.length + rfq.events.length;
    const seconds = (performance.now() - startedAtMs) / 1000;
    if (recorded > 0) measures.turnStored({ seconds, events: recorded });
  }

  #begin(state: JournalState): Turn {
    const { clock, quoting = NO_QUOTING, takeApplied } = this.#options;
    const { most } = this.#size;
    const now = clock.now();
    this.#newestAt = Math.max(this.#newestAt, now);
    return new Turn({
      ...this.#options,
      state,
      quoting,
      now,
      at: this.#newestAt,
      steadyMs: steadyNow(clock),
      applied: takeApplied?.() ?? [],
      mostEvents: this.#search.isCareful ? 1 : most,
      mostUnparted: most,
    });
  }

  #apply(turn: Turn, commands: Commands, left: LeftWork): Applied {
    const { faulty } = this.#search;
    try {
      if (faulty !== null) setAside(turn, faulty);
      const outcome = faulty === null ? runTurn(turn, commands, left) : NOTHING_FINISHED;
      if (faulty?.hasExits !== false) settleExits(turn);
      return { ...outcome, changes: turn.changes() };
    } catch (cause) {
      throw new TurnRefusedError(cause);
    }
  }

  async #load(): Promise<JournalState> {
    const { store, venue, instruments, ready, clock, logger } = this.#options;
    await ready;
    const resignations = this.#resignations;
    const record = await store.load(clock.now());
    // Another process may have written since, even if this one has the books again by now.
    if (resignations !== this.#resignations) throw new NotOwnerError();
    this.#newestAt = Math.max(this.#newestAt, record.newestAt);
    const state = new JournalState(this.#search.without(record), clock);
    // Those left out keep their priorities: the next owner has them beside all others again.
    state.skipPriorities(record.orders);
    if (this.#state !== null) state.carryOver(this.#state);
    // One that was left out of the books meets what has come to rest in the meantime.
    for (const order of venue.restore(restingOrders(state, instruments, logger)))
      state.keep(arrive(order));
    this.#state = state;
    this.#isLost = false;
    for (const listener of this.#listeners) listener.loaded?.(state);
    return state;
  }
}
