import type { MarketState } from '../domain/market-state.ts';
import type { Quote } from '../domain/quote.ts';
import { quoteView } from '../domain/quote-view.ts';
import type { QuoteUpdate } from './frames.ts';

/** Chains one subscription's quote frames of one instrument, and notices when the quote goes stale. */
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

  /** The next frame; quotes between it and the last frame count as merged into it. */
  next(quote: Quote, nowMs: number): QuoteUpdate {
    return this.#frame(quote, this.#sentSequence || quote.sequence - 1, nowMs);
  }

  /** A subscriber's first frame, into which nothing counts as merged. */
  first(quote: Quote, nowMs: number): QuoteUpdate {
    return this.#frame(quote, quote.sequence - 1, nowMs);
  }

  /**
   * Whether the last sent quote has gone stale; true once for each quote. The quote is not sent
   * again, because every frame of the chain is a change; a heartbeat shows its age instead.
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
