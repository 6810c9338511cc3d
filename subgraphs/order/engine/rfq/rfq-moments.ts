import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { QuoteId, RfqId } from '#shared/domain/ids.ts';
import type { RfqQuote } from '../../domain/rfq/rfq-quote.ts';
import type { Rfq } from '../../domain/rfq/rfq.ts';

/**
 * When requests were priced and their quotes made, in memory only. All times are those of `steadyNow`: nothing is due
 * earlier or later, and no take counts less, because the clock was set.
 */
export class RfqMoments {
  readonly #pricedAt = new Map<RfqId, number>();
  readonly #madeAt = new Map<QuoteId, number>();
  /** When the record of everything else was read, by both clocks. */
  readonly #readAt: { readonly nowMs: number; readonly steadyMs: number };

  constructor(clock: Clock) {
    this.#readAt = { nowMs: clock.now(), steadyMs: steadyNow(clock) };
  }

  /** The machine prices a live request. */
  priced(rfqId: RfqId, steadyMs: number): void {
    this.#pricedAt.set(rfqId, steadyMs);
  }

  /** When it did so last; long ago if it never did in this process. */
  pricedAt(rfqId: RfqId): number {
    return this.#pricedAt.get(rfqId) ?? Number.NEGATIVE_INFINITY;
  }

  /** This process makes a quote. */
  made(quoteId: QuoteId, steadyMs: number): void {
    this.#madeAt.set(quoteId, steadyMs);
  }

  /** Whether this process has made a quote of a request that is not closed. */
  isOwn(quoteId: QuoteId): boolean {
    return this.#madeAt.has(quoteId);
  }

  /** When a quote was made. A firm price without a request becomes one with its accept. */
  madeAt({ id, createdAt }: RfqQuote, { createdAt: requestedAt }: Rfq): number {
    return this.#madeAt.get(id) ?? this.storedAt(Math.max(createdAt, requestedAt));
  }

  /**
   * A time that was stored before the record was read, in milliseconds since the epoch: as long before that as the clock
   * says.
   */
  storedAt(atMs: number): number {
    const { nowMs, steadyMs } = this.#readAt;
    return steadyMs - Math.max(0, nowMs - atMs);
  }

  /** A request is not live any more. */
  forgetRequest(rfqId: RfqId): void {
    this.#pricedAt.delete(rfqId);
  }

  /** The request of a quote is closed. */
  forgetQuote(quoteId: QuoteId): void {
    this.#madeAt.delete(quoteId);
  }

  /** Carries over after a lost turn when these quotes were made. */
  carryOver(before: RfqMoments, quotes: readonly Pick<RfqQuote, 'id'>[]): void {
    for (const { id } of quotes) {
      const madeAt = before.#madeAt.get(id);
      if (madeAt !== undefined) this.made(id, madeAt);
    }
  }
}
