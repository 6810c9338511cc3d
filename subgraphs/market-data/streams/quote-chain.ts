import type { MarketState } from '../domain/market-state.ts';
import type { Quote } from '../domain/quote.ts';
import { quoteView } from '../domain/quote-view.ts';
import type { QuoteUpdate } from './frames.ts';

/** Chains one subscription's quote frames of one instrument, and notices when the quote goes stale or is fresh again. */
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

  /** Whether the newest quote is stale; null before the first frame. */
  isStale(nowMs: number): boolean | null {
    const { quote } = this.market;
    if (quote === null || this.#sentSequence === 0) return null;
    return this.market.freshnessOf(quote, nowMs).stale;
  }

  /**
   * Whether that has changed since a frame or this said so. The quote is not sent again, because every
   * frame of the chain is a change: a heartbeat shows it.
   */
  staleHasChanged(nowMs: number): boolean {
    const isStale = this.isStale(nowMs) === true;
    const hasChanged = isStale !== this.#isToldStale;
    this.#isToldStale = isStale;
    return hasChanged;
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
