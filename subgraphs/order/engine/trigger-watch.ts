import type { Clock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Journal } from './journal.ts';
import { isTriggerDue, type TriggerSources } from './settle-triggers.ts';

/** Gives the journal a turn when the market has met a trigger, and none otherwise. */
export class TriggerWatch {
  readonly #options: TriggerSources & {
    readonly journal: Journal;
    readonly clock: Clock;
    readonly logger: Logger;
  };
  readonly #running = new Set<InstrumentSymbol>();

  constructor(
    options: TriggerSources & {
      readonly journal: Journal;
      readonly clock: Clock;
      readonly logger: Logger;
    },
  ) {
    this.#options = options;
  }

  /** Looks at an instrument whose market has moved. */
  look(symbol: InstrumentSymbol): void {
    const { journal, clock, logger } = this.#options;
    if (journal.state === null || this.#running.has(symbol)) return;
    if (!isTriggerDue(journal.state, symbol, this.#options, clock.now())) return;
    this.#running.add(symbol);
    journal
      .run(() => undefined)
      .catch((cause: unknown) => {
        // The next tick tries again.
        logger.warn({ err: cause, symbol }, 'settling triggers failed');
      })
      .finally(() => {
        this.#running.delete(symbol);
      });
  }
}
