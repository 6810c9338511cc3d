import type { Clock } from '#shared/domain/clock.ts';
import type { FaultPoint } from '#shared/faults/fault-point.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { ExecutionVenue } from '../domain/execution-venue.ts';
import type { Instruments } from '../domain/instruments.ts';
import type { MarketQuotes } from '../domain/market-quotes.ts';
import type { ChangeSet, JournalStore } from '../domain/journal-store.ts';
import { NotOwnerError } from '../domain/not-owner-error.ts';
import { isOpen, isWaiting } from '../domain/order.ts';
import { TurnRefusedError } from '../domain/turn-refused-error.ts';
import { UnavailableError } from '../domain/unavailable-error.ts';
import { groupCall } from './group-call.ts';
import { JournalState } from './journal-state.ts';
import { settleDeadlines } from './settle-deadlines.ts';
import { settleExits } from './settle-exits.ts';
import { settleTriggers, type UnsettledTriggers } from './settle-triggers.ts';
import { settleRfqs } from './rfq/settle-rfqs.ts';
import { NO_QUOTING, type QuotingDesk } from './rfq/rfq-turn.ts';
import { passTurnFaults } from './turn-faults.ts';
import { Turn } from './turn.ts';

/** Who wants to know what the journal has stored. Called in turn, before the callers are answered. */
export interface JournalListener {
  /** The state was read from the store: at the start, and after a turn that could not be stored. */
  loaded?(state: JournalState): void;
  /** Another process owns the books from now on, until {@link JournalListener.loaded} is called again. */
  resigned?(): void;
  /** A turn is stored. */
  committed?(changes: ChangeSet): void;
}

/** What the journal stands on. */
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
  /** How requests for quote are priced; they are not when left out. */
  readonly quoting?: QuotingDesk;
  readonly faults: FaultPoint;
  readonly logger: Logger;
}

/** The most commands of one turn, which has to be stored in the time that a statement may take. */
const MOST_COMMANDS = 1000;

type Commands = readonly ((turn: Turn) => void)[];

/** A turn that is not stored yet. */
interface Applied {
  readonly changes: ChangeSet;
  /** Whether the commands were run: not before all that was due or met without them. */
  readonly hasRun: boolean;
}

/**
 * The one owner of all books and open orders: commands run one after the other, in turns. A turn
 * takes all commands that wait, changes the state in memory, stores what changed in one transaction
 * and only then answers. Commands that come meanwhile are the next turn, so that one transaction
 * carries many orders when there are many. A turn that cannot be stored answers no one with success,
 * and the state is read from the store again before the next.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #listeners: JournalListener[] = [];
  readonly #turns = groupCall<(turn: Turn) => void, undefined>((commands) => this.#turn(commands), {
    limit: MOST_COMMANDS,
    mayIsolate: (cause) => cause instanceof TurnRefusedError,
  });
  #state: JournalState | null = null;
  /** Whether the state is ahead of the store for good, and has to be read anew. */
  #isLost = false;
  /** Never goes back, though the clock be set back: lists of a period are found by their rows' times. */
  #lastTurnMs = 0;
  /** Triggers that the last turn has left to the next. */
  #unsettled: UnsettledTriggers | null = null;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /**
   * What is in memory, to be looked at and never changed; null before it was read, and while another
   * process owns the books. After a turn that could not be stored it is that turn's, until the next
   * one has read it anew: who looks for what is due finds it, and so gives the journal that turn.
   */
  get state(): JournalState | null {
    return this.#state;
  }

  /** Tells a listener of everything from now on. */
  listen(listener: JournalListener): void {
    this.#listeners.push(listener);
  }

  /** Reads the state, so that what was left unfinished goes on without waiting for a command. */
  async start(): Promise<void> {
    await this.run(() => undefined);
  }

  /**
   * Runs a command in the next turn. @returns what it answered, once the turn is stored
   * @throws NotOwnerError when this process does not own the books and nothing was done,
   *   UnavailableError when the turn is not known to be stored, TurnRefusedError when the
   *   command broke an invariant and nothing of it was
   */
  async run<Result>(command: (turn: Turn) => Result): Promise<Result> {
    const results: Result[] = [];
    await this.#turns.submit((turn) => void results.push(command(turn)));
    // A command that was tried again alone has answered twice.
    return results.at(-1) as Result;
  }

  /** Forgets the books, which another process has now. */
  resign(): void {
    this.#state = null;
    this.#unsettled = null;
    this.#options.venue.restore([]);
    for (const listener of this.#listeners) listener.resigned?.();
  }

  /** Resolves once no turn is on its way. */
  idle(): Promise<void> {
    return this.#turns.idle();
  }

  async #turn(commands: Commands): Promise<undefined[]> {
    // What was met or due before these came goes before them, in turns of its own.
    while (!(await this.#commit(commands)));
    // They may have left something too, and perhaps nobody comes after them.
    if (this.#unsettled !== null) this.start().catch(() => undefined);
    return commands.map(() => undefined);
  }

  /** One turn. @returns whether it came to the commands */
  async #commit(commands: Commands): Promise<boolean> {
    const { changes, hasRun } = await this.#store(commands);
    for (const listener of this.#listeners) listener.committed?.(changes);
    return hasRun;
  }

  async #store(commands: Commands): Promise<Applied> {
    const { store, faults, logger } = this.#options;
    try {
      const applied = await this.#apply(commands);
      const { changes } = applied;
      passTurnFaults(faults, changes, 'not-stored');
      await store.commit(changes);
      passTurnFaults(faults, changes, 'stored');
      return applied;
    } catch (cause) {
      if (cause instanceof NotOwnerError) {
        this.resign();
        throw cause;
      }
      this.#isLost = true;
      this.#unsettled = null;
      logger.error({ err: cause, commands: commands.length }, 'could not store a turn');
      if (cause instanceof TurnRefusedError) throw cause;
      throw new UnavailableError('The order store did not respond.', cause);
    }
  }

  async #apply(commands: Commands): Promise<Applied> {
    const { clock, newId, venue, quoting = NO_QUOTING } = this.#options;
    const state = this.#isLost || this.#state === null ? await this.#load() : this.#state;
    this.#lastTurnMs = Math.max(this.#lastTurnMs, clock.now());
    const turn = new Turn({ state, now: this.#lastTurnMs, newId, quoting });
    let hasRun = false;
    try {
      const isInTime = this.#unsettled !== null || settleDeadlines(turn, venue);
      if (isInTime && this.#unsettled === null) {
        settleRfqs(turn);
        for (const command of commands) command(turn);
        hasRun = true;
      }
      if (isInTime) this.#unsettled = settleTriggers(turn, venue, this.#options, this.#unsettled);
      settleExits(turn, this.#options);
    } catch (cause) {
      throw new TurnRefusedError(cause);
    }
    return { changes: turn.changes(), hasRun };
  }

  async #load(): Promise<JournalState> {
    const { store, venue, instruments, ready, clock, logger } = this.#options;
    await ready;
    const state = new JournalState(await store.load(clock.now()), clock.now());
    const resting = [...state.orders()].flatMap((order) => {
      if (!isOpen(order) || isWaiting(order)) return [];
      const instrument = instruments.get(order.symbol);
      if (instrument !== undefined) return [{ order, instrument }];
      logger.error(
        { orderId: order.id, symbol: order.symbol },
        'the instrument of an open order is missing',
      );
      return [];
    });
    venue.restore(resting);
    this.#state = state;
    this.#isLost = false;
    for (const listener of this.#listeners) listener.loaded?.(state);
    return state;
  }
}
