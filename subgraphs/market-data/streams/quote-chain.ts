import type { MarketState } from '../domain/market-state.ts';
import type { Quote } from '../domain/quote.ts';
import { quoteView } from '../domain/quote-view.ts';
import type { QuoteUpdate } from './frames.ts';

/**
 * Chains the quote frames of one instrument in one subscription, and notices when its quote becomes
 * stale.
 */
export class QuoteChain {
  readonly market: MarketState;
  #sentSequence = 0;
  #isToldStale = false;

  constructor(market: MarketState) {
    this.market = market;
  }

  /** The sequence of the last frame; 0 before the first. */
  get sentSequence(): number {
    return this.#sentSequence;
  }

  /** When the newest quote was received; null before the first. */
  get sourceAtMs(): number | null {
    return this.market.quote?.receivedAtMs ?? null;
  }

  /** The frame that follows the last one; what lies between the two is merged into it. */
  next(quote: Quote, nowMs: number): QuoteUpdate {
    return this.#frame(quote, this.#sentSequence || quote.sequence - 1, nowMs);
  }

  /** The frame with which a subscriber begins: nothing is merged into the current state. */
  first(quote: Quote, nowMs: number): QuoteUpdate {
    return this.#frame(quote, quote.sequence - 1, nowMs);
  }

  /**
   * Whether the last sent quote has become stale: true once. A quote is not sent again for that
   * (the chain has no frame without a change); a heartbeat shows its age.
   */
  turnsStale(nowMs: number): boolean {
    const { quote } = this.market;
    if (quote === null || this.#sentSequence === 0) return false;
    const { stale } = this.market.freshnessOf(quote, nowMs);
    const turns = stale && !this.#isToldStale;
    this.#isToldStale = stale;
    return turns;
  }

  #frame(quote: Quote, previousSequence: number, nowMs: number): QuoteUpdate {
    const view = quoteView(quote, this.market, nowMs);
    this.#sentSequence = quote.sequence;
    this.#isToldStale = view.stale;
    return {
      __typename: 'QuoteUpdate',
      quote: view,
      sequence: view.sequence,
      previousSequence: String(previousSequence),
      conflated: quote.sequence - previousSequence - 1,
    };
  }
}
