import type { Clock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Journal } from '../journal.ts';
import { isTriggerDue, type TriggerSources } from './settle-triggers.ts';

/** Gives the journal a turn when the market has met a trigger, and only then. */
export class TriggerWatch {
  readonly #options: TriggerSources & {
    readonly journal: Journal;
    readonly clock: Clock;
    readonly logger: Logger;
  };
  readonly #running = new Set<InstrumentSymbol>();
  /** Instruments for which something became due after their turn had begun. */
  readonly #dueAgain = new Set<InstrumentSymbol>();

  constructor(
    options: TriggerSources & {
      readonly journal: Journal;
      readonly clock: Clock;
      readonly logger: Logger;
    },
  ) {
    this.#options = options;
  }

  /** Checks an instrument whose market has moved: each price is noted, even during a turn. */
  look(symbol: InstrumentSymbol): void {
    const { journal, clock } = this.#options;
    if (journal.state === null) return;
    if (!isTriggerDue(journal.state, symbol, this.#options, clock.now())) return;
    if (this.#running.has(symbol)) this.#dueAgain.add(symbol);
    else void this.#settle(symbol);
  }

  async #settle(symbol: InstrumentSymbol): Promise<void> {
    const { journal, logger } = this.#options;
    this.#running.add(symbol);
    const isSettled = await journal
      .run(() => true)
      .catch((cause: unknown) => {
        // The next tick tries again.
        logger.warn({ err: cause, symbol }, 'settling triggers failed');
        return false;
      });
    this.#running.delete(symbol);
    if (this.#dueAgain.delete(symbol) && isSettled) this.look(symbol);
  }
}
