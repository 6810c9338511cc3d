import type { Clock } from '#shared/domain/clock.ts';
import type { FaultPoint } from '#shared/faults/fault-point.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { ExecutionVenue } from '../domain/execution-venue.ts';
import type { Instruments } from '../domain/instruments.ts';
import type { MarketQuotes } from '../domain/market-quotes.ts';
import type { ChangeSet, JournalStore } from '../domain/journal-store.ts';
import { NotOwnerError } from '../domain/not-owner-error.ts';
import { TurnRefusedError } from '../domain/turn-refused-error.ts';
import { UnavailableError } from '../domain/unavailable-error.ts';
import { FaultSearch } from './fault-search.ts';
import { groupCall } from './group-call.ts';
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
import { Turn } from './turn.ts';

/** A listener to what the journal has stored. Called in turn, before the callers are answered. */
export interface JournalListener {
  /** The state was read from the store: at the start, and after a turn that could not be stored. */
  loaded?(state: JournalState): void;
  /** Another process owns the books until {@link JournalListener.loaded} is called again. */
  resigned?(): void;
  /** A turn is stored. */
  committed?(changes: ChangeSet): void;
}

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
  /** The most events of one turn; {@link MOST_EVENTS} if omitted. */
  readonly mostEvents?: number;
  readonly faults: FaultPoint;
  readonly logger: Logger;
}

/** The most commands of one turn, which must be stored in the time of one statement. */
const MOST_COMMANDS = 1000;

/**
 * The most events of one turn, each with at most one fill: half a second of the store's work, of
 * the two that a statement and the owner's lease can last. A command that has begun can still
 * exceed it by its own events.
 */
const MOST_EVENTS = 1500;

/** A turn is made no smaller, however often none could be stored: then size is not the cause. */
const LEAST_EVENTS = 25;

type Commands = readonly Command[];

/** The outcome of a command. */
type Outcome = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly cause: unknown };

/** A turn that is not stored yet. */
interface Applied extends TurnOutcome {
  readonly changes: ChangeSet;
}

/** The outcome of a turn; a refused one may show that its one command was at fault. */
type Tried =
  | ({ readonly kind: 'stored' } & Applied)
  | { readonly kind: 'refused'; readonly cause: unknown; readonly isBlamed: boolean };

/** A turn that did not reach its commands. */
const NOTHING_FINISHED: TurnOutcome = { finished: 0, left: NOTHING_LEFT };

/**
 * The one owner of all books and open orders: commands run one after the other, in turns. A turn
 * takes all waiting commands, changes the state in memory, stores the changes in one transaction
 * and only then answers. Commands that arrive meanwhile are the next turn, so that under load one
 * transaction carries many orders. If a turn cannot be stored nobody is answered with success, and
 * the state is read from the store again before the next.
 *
 * No turn is larger than the store can take: what does not fit continues in the next ones, before
 * anything that arrived later. If a turn is not stored in time, the next ones are smaller. If one
 * is refused for its content, the next ones do a single thing each, until it is known whose fault
 * it was: a command's, which fails, or that of an order or a request for quote with which the
 * journal continued by itself. That one is set aside, and all others continue.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #listeners: JournalListener[] = [];
  readonly #turns = groupCall<Command, Outcome>((commands) => this.#runAll(commands), {
    limit: MOST_COMMANDS,
  });
  #state: JournalState | null = null;
  /** Whether the state is ahead of the store for good, and must be read again. */
  #isLost = false;
  /** The newest recorded time: no later record is older, whatever the clock says. */
  #newestAt = 0;
  #left: LeftWork = NOTHING_LEFT;
  /** The most events of the next turn. */
  #mostEvents: number;
  readonly #search: FaultSearch;
  /** How often this process has given the books away. */
  #resignations = 0;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#mostEvents = options.mostEvents ?? MOST_EVENTS;
    this.#search = new FaultSearch(options.logger);
  }

  /**
   * The state in memory, for reading only; null before it was read, and while another process owns
   * the books. After a turn that could not be stored it is that turn's, until the next one has read
   * it again: a watch that finds something due in it gives the journal that turn.
   */
  get state(): JournalState | null {
    return this.#state;
  }

  /** Reports everything to a listener from now on. */
  listen(listener: JournalListener): void {
    this.#listeners.push(listener);
  }

  /** Reads the state, so that unfinished work continues without waiting for a command. */
  async start(): Promise<void> {
    await this.run(() => undefined);
  }

  /**
   * Runs a command in the next turn.
   * @returns its answer, once the turn is stored
   * @throws NotOwnerError if this process does not own the books and nothing was done,
   *   UnavailableError if the turn is not known to be stored, TurnRefusedError if the command broke
   *   an invariant and nothing of it was done
   */
  async run<Result>(command: (turn: Turn) => Result): Promise<Result> {
    const results: Result[] = [];
    await this.runThrough((turn) => results.push(command(turn)) > 0);
    // A command that was tried again alone has answered twice.
    return results.at(-1) as Result;
  }

  /**
   * Runs a command in as many turns as it takes: again in each next one until it says that it is
   * done, with no other command between them. Each time it does as much as its turn has room for. A
   * part whose turn was lost is run again.
   * @throws like {@link Journal.run}, but no NotOwnerError once it has begun; what its earlier
   *   turns did is stored
   */
  async runThrough(command: Command): Promise<void> {
    let isBegun = false;
    const outcome = await this.#turns.submit((turn) => {
      const isDone = command(turn);
      isBegun ||= !isDone;
      return isDone;
    });
    if (outcome.kind === 'done') return;
    const { cause } = outcome;
    if (!isBegun || !(cause instanceof NotOwnerError)) throw cause;
    throw new UnavailableError(
      'Another process owns the order books. Part of the command may be done; repeat it.',
      cause,
    );
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

  /** Resolves once no turn is in progress. */
  idle(): Promise<void> {
    return this.#turns.idle();
  }

  async #runAll(commands: Commands): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    this.#search.begin();
    // What was met or due before these commands arrived goes first, in turns of its own.
    while (outcomes.length < commands.length)
      outcomes.push(...(await this.#runSome(commands.slice(outcomes.length))));
    // They may have left something too, and perhaps no further command arrives.
    const isLeft = this.#left.triggers !== null || this.#state?.arriving !== undefined;
    if (isLeft && !this.#isLost) this.start().catch(() => undefined);
    return outcomes;
  }

  /** One turn. @returns the outcomes of the first commands; none if it did not reach them */
  async #runSome(commands: Commands): Promise<readonly Outcome[]> {
    try {
      // One at a time, while it matters whose fault it was.
      const tried = await this.#store(this.#search.isCareful ? commands.slice(0, 1) : commands);
      if (tried.kind === 'refused')
        return tried.isBlamed ? [{ kind: 'failed', cause: tried.cause }] : [];
      for (const listener of this.#listeners) listener.committed?.(tried.changes);
      return commands.slice(0, tried.finished).map(() => ({ kind: 'done' }));
    } catch (cause) {
      return commands.map(() => ({ kind: 'failed', cause }));
    }
  }

  async #store(commands: Commands): Promise<Tried> {
    const { faults, logger, store } = this.#options;
    const left = this.#left;
    this.#left = NOTHING_LEFT;
    let turn: Turn | null = null;
    try {
      const state = this.#isLost || this.#state === null ? await this.#load() : this.#state;
      const resignations = this.#resignations;
      turn = this.#begin(state);
      const applied = this.#apply(turn, commands, left);
      passTurnFaults(faults, applied.changes, 'not-stored');
      await store.commit(applied.changes);
      passTurnFaults(faults, applied.changes, 'stored');
      state.stored();
      this.#search.stored();
      // What was begun in books that were given away meanwhile is for their next owner to continue.
      this.#left = resignations === this.#resignations ? applied.left : NOTHING_LEFT;
      this.#mostEvents = Math.min(this.#mostEvents * 2, this.#options.mostEvents ?? MOST_EVENTS);
      return { kind: 'stored', ...applied };
    } catch (cause) {
      if (cause instanceof NotOwnerError) {
        this.resign();
        throw cause;
      }
      this.#isLost = true;
      logger.error({ err: cause, commands: commands.length }, 'could not store a turn');
      if (cause instanceof TurnRefusedError)
        return { kind: 'refused', cause, isBlamed: this.#search.refused(turn?.suspects) };
      this.#search.lost();
      const smaller = Math.max(Math.floor(this.#mostEvents / 4), LEAST_EVENTS);
      this.#mostEvents = Math.min(this.#mostEvents, smaller);
      throw new UnavailableError('The order store did not respond.', cause);
    }
  }

  #begin(state: JournalState): Turn {
    const { clock, newId, quoting = NO_QUOTING } = this.#options;
    const mostEvents = this.#search.isCareful ? 1 : this.#mostEvents;
    const now = clock.now();
    this.#newestAt = Math.max(this.#newestAt, now);
    const turn = { state, now, at: this.#newestAt, newId, quoting, mostEvents };
    return new Turn({ ...turn, mostUnparted: this.#mostEvents });
  }

  #apply(turn: Turn, commands: Commands, left: LeftWork): Applied {
    const { venue } = this.#options;
    const { faulty } = this.#search;
    try {
      if (faulty !== null) setAside(turn, venue, faulty);
      const outcome =
        faulty === null ? runTurn(turn, this.#options, commands, left) : NOTHING_FINISHED;
      if (faulty?.hasExits !== false) settleExits(turn, this.#options);
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
    const state = new JournalState(this.#search.without(record), clock.now());
    if (this.#state !== null) state.takeOver(this.#state);
    venue.restore(restingOrders(state, instruments, logger));
    this.#state = state;
    this.#isLost = false;
    for (const listener of this.#listeners) listener.loaded?.(state);
    return state;
  }
}
