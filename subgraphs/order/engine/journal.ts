import { NotOwnerError } from '../domain/ports/not-owner-error.ts';
import { UnavailableError } from '../domain/ports/unavailable-error.ts';
import { groupCall } from './group-call.ts';
import type { JournalListener } from './journal-listener.ts';
import type { JournalState } from './journal-state.ts';
import type { Command } from './run-turn.ts';
import { type JournalOptions, type Outcome, StoredTurns } from './stored-turns.ts';
import type { Turn } from './turn.ts';

/** The most commands of one turn, which must be stored in the time of one statement. */
const MOST_COMMANDS = 1000;

/**
 * The one owner of all books and open orders: commands run one after the other, in turns. A turn
 * takes all waiting commands, changes the state in memory, stores the changes in one transaction
 * and only then answers. Commands that arrive meanwhile are the next turn, so that under load one
 * transaction carries many orders. If a turn cannot be stored nobody is answered with success, and
 * the state is read from the store again before the next.
 *
 * No turn is larger than the store can take: what does not fit continues in the next ones, before
 * anything that arrived later. If a turn is not stored in time, the next ones are smaller. If one
 * is refused for its content, the next ones do a single thing each, until the cause is known: a
 * command, which fails, or an order or a request for quote with which the journal continued by
 * itself. That one is set aside, and all others continue.
 */
export class Journal {
  readonly #listeners: JournalListener[] = [];
  readonly #turns: StoredTurns;
  readonly #commands = groupCall<Command, Outcome>((commands) => this.#runAll(commands), {
    limit: MOST_COMMANDS,
  });

  constructor(options: JournalOptions) {
    this.#turns = new StoredTurns(options, this.#listeners);
  }

  /**
   * The state in memory, for reading, and for noting what no store has; null before it was read, and
   * while another process owns the books. After a turn that could not be stored it is that turn's, until the next one has read
   * it again: a watch that finds something due in it gives the journal that turn.
   */
  get state(): JournalState | null {
    return this.#turns.state;
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
    let result!: Result;
    await this.runThrough((turn) => {
      // Again, if it is tried again alone: the last time counts.
      result = command(turn);
      return true;
    });
    return result;
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
    const outcome = await this.#commands.submit((turn) => {
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
    this.#turns.resign();
  }

  /** Resolves once no turn is in progress. */
  idle(): Promise<void> {
    return this.#commands.idle();
  }

  async #runAll(commands: readonly Command[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    this.#turns.begin();
    // What was met or due before these commands arrived goes first, in turns of its own.
    while (outcomes.length < commands.length)
      outcomes.push(...(await this.#turns.take(commands.slice(outcomes.length))));
    // They may have left something too, and perhaps no further command arrives.
    if (this.#turns.isUnfinished) this.start().catch(() => undefined);
    return outcomes;
  }
}
