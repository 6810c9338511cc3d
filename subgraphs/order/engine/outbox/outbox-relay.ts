import { invariant } from '#shared/domain/invariant.ts';
import type { FaultPoint } from '#shared/faults/fault-point.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { Outage } from '#shared/logging/outage.ts';
import { type Funds, type FundsCommand, FundsRefusedError } from '../../domain/ports/funds.ts';
import type { ChangeSet } from '../../domain/ports/journal-store.ts';
import type { Outbox, OutboxEntry } from '../../domain/ports/outbox.ts';
import type { JournalListener } from '../journal-listener.ts';
import { type Pause, pauseFor } from '../pause.ts';
import { StopGate } from '../stop-gate.ts';
import { UnsentEntries } from './unsent-entries.ts';

const ENTRIES_PER_CALL = 300;
/** What no turn stores in this time is stored without one. */
const MARK_WITHIN_MS = 20;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;

/** A listener to the ledger's progress with what the journal has stored for it. */
export interface OutboxListener {
  /** The commands are about to be sent; perhaps not for the first time. */
  telling(commands: readonly FundsCommand[]): void;
  /** The ledger has applied them. */
  applied(commands: readonly FundsCommand[]): void;
  /**
   * The ledger refused them for what they ask; they will be sent again, and nothing after them
   * before.
   */
  refused(commands: readonly FundsCommand[]): void;
}

/** What the relay needs. */
export interface OutboxRelayOptions {
  readonly outbox: Outbox;
  readonly funds: Funds;
  readonly faults: FaultPoint;
  readonly logger: Logger;
  /** By the machine's clock if omitted. */
  readonly pause?: Pause;
}

/**
 * Sends the ledger what the journal has stored for it, in order and at least once, for as long as
 * it takes: the ledger knows what it has applied by the ids of trades and holds. Wakes with every
 * turn that has something for it. What the ledger has applied is marked by the next turn, together
 * with what that stores, or soon after if there is none.
 */
export class OutboxRelay implements JournalListener {
  readonly #options: OutboxRelayOptions;
  readonly #stopping = new StopGate();
  readonly #listeners: OutboxListener[] = [];
  readonly #unsent = new UnsentEntries();
  readonly #outage: Outage;
  /** Positions that are applied and not marked. */
  #applied: bigint[] = [];
  /** Of those, the ones that a turn was given: it may not have been stored. */
  #given: bigint[] = [];
  #marking: Promise<void> | null = null;
  #isDue = false;
  /** Whether this process sends it, as the owner of the books. */
  #hasOutbox = false;
  #running: Promise<void> | null = null;
  #waiting: (() => void)[] = [];

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#outage = new Outage(options.logger, {
      away: 'could not send the outbox',
      back: 'the outbox is sent again',
    });
  }

  /** Reports everything to a listener from now on. */
  listen(listener: OutboxListener): void {
    this.#listeners.push(listener);
  }

  loaded(): void {
    this.#hasOutbox = true;
    this.#forget();
    this.#wake();
  }

  resigned(): void {
    this.#isDue = false;
    this.#hasOutbox = false;
    this.#forget();
  }

  committed({ applied }: ChangeSet, outbox: readonly OutboxEntry[]): void {
    if (applied.length > 0) this.#given = [];
    if (!this.#hasOutbox || outbox.length === 0) return;
    this.#unsent.add(outbox);
    this.#wake();
  }

  /** The positions that a turn is to mark; each is given to one turn. */
  takeApplied(): readonly bigint[] {
    const applied = this.#applied;
    this.#given.push(...applied);
    this.#applied = [];
    return applied;
  }

  /** Resolves once everything is sent that was stored before; never, if it is stopped first. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#wake();
    });
  }

  /** Stops once the call in progress is answered and marked; the rest continues at the next start. */
  async stop(): Promise<void> {
    this.#stopping.stop();
    await this.#running;
    await this.#marking;
  }

  #forget(): void {
    this.#unsent.forget();
    this.#applied = [];
    this.#given = [];
  }

  #wake(): void {
    this.#isDue = true;
    // Callers that ask before this process owns the outbox wait for that: with nothing to send, the
    // run would end before `#running` is set, which would then stand for a run that is over.
    if (this.#hasOutbox) this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    const stopping = this.#stopping;
    const { pause = pauseFor } = this.#options;
    let waitMs = FIRST_RETRY_MS;
    // Whoever waits because of a turn may have been notified of it before this was.
    await Promise.resolve();
    while (this.#isDue && !stopping.isStopped) {
      this.#isDue = false;
      // A caller that asks while this is being sent may wait for something it does not include: the
      // next round is theirs.
      const waiting = this.#waiting;
      this.#waiting = [];
      try {
        await this.#sendUpTo(this.#unsent.newest);
        if (this.#hasOutbox) this.#outage.answered();
        this.#answer(waiting);
        waitMs = FIRST_RETRY_MS;
      } catch (cause) {
        this.#outage.failed(cause);
        this.#unsent.forget();
        this.#isDue = this.#hasOutbox;
        this.#waiting.push(...waiting);
        await pause(waitMs, stopping);
        waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
      }
    }
    // In the same step as the last look at what is due, so that no wake falls in between.
    this.#running = null;
  }

  /** If the outbox was lost on the way, nothing is known to be sent: they wait until it is back. */
  #answer(waiting: readonly (() => void)[]): void {
    if (!this.#hasOutbox) return void this.#waiting.push(...waiting);
    for (const resolve of waiting) resolve();
  }

  /**
   * Sends everything up to a position, or all of it. What is stored meanwhile is for the next round, which it has woken:
   * there can always be more, and nobody who waits would ever be answered.
   */
  async #sendUpTo(newest: bigint | null): Promise<void> {
    while (this.#hasOutbox && !this.#stopping.isStopped && (await this.#sendSome()))
      if (this.#unsent.isTakenUpTo(newest)) return;
  }

  /** @returns whether there may be more */
  async #sendSome(): Promise<boolean> {
    const entries = this.#unsent.isComplete
      ? this.#unsent.take(ENTRIES_PER_CALL)
      : await this.#readSome();
    if (entries.length === 0) return false;
    this.#options.faults('outbox-read');
    await this.#send(entries);
    return true;
  }

  async #readSome(): Promise<readonly OutboxEntry[]> {
    const { outbox } = this.#options;
    // Those that are applied are not to be read again.
    await this.#mark();
    const { losses } = this.#unsent;
    const entries = await outbox.unsent(ENTRIES_PER_CALL);
    const isAll = entries.length < ENTRIES_PER_CALL && losses === this.#unsent.losses;
    return this.#unsent.read(entries, isAll);
  }

  /**
   * Sends these, and if the ledger refuses them because of one of them, those before that one.
   * @throws Error with the position of the refused one: what has traded must settle, so it stops
   *   the line until the ledger is corrected
   */
  async #send(entries: readonly OutboxEntry[]): Promise<void> {
    const { funds, faults } = this.#options;
    const commands = entries.map(({ command }) => command);
    for (const listener of this.#listeners) listener.telling(commands);
    try {
      const outcomes = await funds.apply(commands);
      const isApplied = outcomes.every(({ kind }) => kind === 'APPLIED');
      invariant(isApplied, `the ledger answered the outbox with ${JSON.stringify(outcomes)}`);
    } catch (cause) {
      if (!(cause instanceof FundsRefusedError)) throw cause;
      return this.#sendUntilRefused(entries, cause);
    }
    faults('outbox-answered');
    this.#applied.push(...entries.map(({ position }) => position));
    this.#marking ??= this.#markSoon();
    for (const listener of this.#listeners) listener.applied(commands);
  }

  async #markSoon(): Promise<void> {
    const { pause = pauseFor } = this.#options;
    // What is applied while this marks is marked in the next round.
    do {
      await pause(MARK_WITHIN_MS, this.#stopping);
      await this.#tryToMark();
    } while (this.#applied.length + this.#given.length > 0);
    this.#marking = null;
  }

  async #tryToMark(): Promise<void> {
    const { pause = pauseFor, logger } = this.#options;
    try {
      await this.#mark();
    } catch (cause) {
      // They are read and sent again, which has no effect, and then marked.
      logger.warn({ err: cause }, 'could not mark what was sent of the outbox');
      this.#unsent.forget();
      await pause(FIRST_RETRY_MS, this.#stopping);
      this.#wake();
    }
  }

  /** A turn that has not been stored by now may be lost. */
  async #mark(): Promise<void> {
    const { outbox, faults } = this.#options;
    const positions = [...this.#given, ...this.#applied];
    if (positions.length === 0) return;
    this.#given = [];
    this.#applied = [];
    await outbox.markSent(positions);
    faults('outbox-marked');
  }

  async #sendUntilRefused(entries: readonly OutboxEntry[], refusal: FundsRefusedError) {
    const [first, ...others] = entries;
    if (first === undefined || others.length > 0) {
      const half = Math.ceil(entries.length / 2);
      await this.#send(entries.slice(0, half));
      return this.#send(entries.slice(half));
    }
    for (const listener of this.#listeners) listener.refused([first.command]);
    throw new Error(`The ledger refuses outbox entry ${first.position}.`, { cause: refusal });
  }
}
