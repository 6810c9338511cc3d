import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { QuotePricer } from '../../domain/rfq/quote-pricer.ts';
import type { NewRfq } from '../../domain/rfq/rfq.ts';
import type { Journal } from '../journal.ts';

/**
 * Lets the pricer get ready before the turn of a request: a turn waits for nobody, and a price that has to be fetched is
 * there by then.
 */
export class QuotePreparation {
  readonly #journal: Journal;
  readonly #pricer: QuotePricer;
  readonly #clock: Clock;

  constructor(journal: Journal, pricer: QuotePricer, clock: Clock) {
    this.#journal = journal;
    this.#pricer = pricer;
    this.#clock = clock;
  }

  /** Resolves once the request may be priced, or cannot be anyway. */
  async prepare(
    asked: NewRfq,
    instrument: Instrument | null,
    userId: UserId | null,
  ): Promise<void> {
    const { state } = this.#journal;
    if (instrument === null || state === null) return;
    const tier = state.feeTier(asked.accountId, this.#clock.now());
    const wantedBy = userId === null ? undefined : [userId];
    await this.#pricer.prepare({ side: asked.side, size: asked.size, tier, wantedBy }, instrument);
  }
}
