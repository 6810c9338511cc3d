import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { QuotePricer } from '../../domain/rfq/quote-pricer.ts';
import type { NewRfq } from '../../domain/rfq/rfq.ts';
import type { Journal } from '../journal.ts';

/**
 * Prepares the pricer before the turn of a request: a turn never waits, so a price from elsewhere must be fetched
 * before it.
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

  /** Resolves once the request can be priced, or if it cannot be priced at all. */
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
