import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Journal } from './journal.ts';
import type { JournalState } from './journal-state.ts';
import { isAnythingDue } from './settle-deadlines.ts';
import { isAnyHalted } from './safety/settle-halts.ts';
import type { Turn } from './turn.ts';

/** How late a deadline can be settled if no command arrives. */
const LOOK_EVERY_MS = 50;

/** Gives the journal a turn when something is due and no command arrives. */
export class DeadlineWatch {
  readonly #options: { readonly journal: Journal; readonly clock: Clock; readonly logger: Logger };
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;

  constructor(options: {
    readonly journal: Journal;
    readonly clock: Clock;
    readonly logger: Logger;
  }) {
    this.#options = options;
  }

  /** Starts looking. */
  start(): void {
    this.#timer = setInterval(() => {
      this.look();
    }, LOOK_EVERY_MS);
  }

  /** Stops looking and waits for the turn in progress. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#running;
  }

  /** Looks once. */
  look(): void {
    const { journal, clock, logger } = this.#options;
    if (this.#running !== null || journal.state === null) return;
    const at = { now: clock.now(), steadyMs: steadyNow(clock) };
    if (!isAnythingLeft(journal.state, at)) return;
    this.#running = journal
      .run(() => undefined)
      .catch((cause: unknown) => {
        // The next look tries again.
        logger.warn({ err: cause }, 'settling deadlines failed');
      })
      .finally(() => {
        this.#running = null;
      });
  }
}

/** Whether there is work without a command; after a lost turn nobody else may ask for it. */
function isAnythingLeft(state: JournalState, at: Pick<Turn, 'now' | 'steadyMs'>): boolean {
  return state.arriving !== undefined || isAnythingDue(state, at) || isAnyHalted(state);
}
