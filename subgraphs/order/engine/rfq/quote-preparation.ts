import type { Clock } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { QuotePricer } from '../../domain/rfq/quote-pricer.ts';
import type { NewRfq } from '../../domain/rfq/rfq.ts';
import type { JournalListener } from '../journal.ts';
import type { JournalState } from '../journal-state.ts';

/**
 * Lets the pricer get ready before the turn of a request: a turn waits for nobody, and a price that has to be fetched is
 * there by then.
 */
export class QuotePreparation implements JournalListener {
  readonly #pricer: QuotePricer;
  readonly #clock: Clock;
  #state: JournalState | null = null;

  constructor(pricer: QuotePricer, clock: Clock) {
    this.#pricer = pricer;
    this.#clock = clock;
  }

  loaded(state: JournalState): void {
    this.#state = state;
  }

  resigned(): void {
    this.#state = null;
  }

  /** Resolves once the request may be priced, or cannot be anyway. */
  async prepare(asked: NewRfq, instrument: Instrument | null): Promise<void> {
    if (instrument === null || this.#state === null) return;
    const tier = this.#state.feeTier(asked.accountId, this.#clock.now());
    await this.#pricer.prepare({ side: asked.side, size: asked.size, tier }, instrument);
  }
}
