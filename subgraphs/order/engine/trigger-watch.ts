import type { Clock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Journal, JournalListener } from './journal.ts';
import type { JournalState } from './journal-state.ts';
import { isTriggerDue, type TriggerSources } from './settle-triggers.ts';

/** Gives the journal a turn when the market has met a trigger, and none otherwise. */
export class TriggerWatch implements JournalListener {
  readonly #options: TriggerSources & {
    readonly journal: Journal;
    readonly clock: Clock;
    readonly logger: Logger;
  };
  readonly #running = new Set<InstrumentSymbol>();
  #state: JournalState | null = null;

  constructor(
    options: TriggerSources & {
      readonly journal: Journal;
      readonly clock: Clock;
      readonly logger: Logger;
    },
  ) {
    this.#options = options;
  }

  loaded(state: JournalState): void {
    this.#state = state;
  }

  resigned(): void {
    this.#state = null;
  }

  /** Looks at an instrument whose market has moved. */
  look(symbol: InstrumentSymbol): void {
    const { journal, clock, logger } = this.#options;
    if (this.#state === null || this.#running.has(symbol)) return;
    if (!isTriggerDue(this.#state, symbol, this.#options, clock.now())) return;
    this.#running.add(symbol);
    journal
      .run(() => undefined)
      .catch((cause: unknown) => {
        // The next tick tries again.
        logger.warn({ err: cause, symbol }, 'triggers were not settled');
      })
      .finally(() => {
        this.#running.delete(symbol);
      });
  }
}
