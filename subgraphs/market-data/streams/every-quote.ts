import type { MarketState } from '../domain/market-state.ts';
import type { Quote } from '../domain/quote.ts';
import type { QuoteUpdate } from './frames.ts';
import { QuoteChain } from './quote-chain.ts';
import type { WholeStream } from './whole-source.ts';

/** Every quote of one instrument (delivery mode ALL). */
export class EveryQuote implements WholeStream<Quote, QuoteUpdate> {
  readonly symbol: string;
  readonly #chain: QuoteChain;

  constructor(market: MarketState) {
    this.symbol = market.instrument.symbol;
    this.#chain = new QuoteChain(market);
  }

  get sentSequence(): number {
    return this.#chain.sentSequence;
  }

  get newestSequence(): number {
    return this.#chain.market.quote?.sequence ?? 0;
  }

  get sourceAtMs(): number | null {
    return this.#chain.sourceAtMs;
  }

  listen(push: (quote: Quote) => void): () => void {
    return this.#chain.market.onQuote.add(push);
  }

  fresh(nowMs: number): QuoteUpdate[] {
    const { quote } = this.#chain.market;
    return quote === null ? [] : [this.#chain.first(quote, nowMs)];
  }

  frames(quote: Quote, nowMs: number): QuoteUpdate[] {
    return quote.sequence <= this.sentSequence ? [] : [this.#chain.next(quote, nowMs)];
  }

  isStale(nowMs: number): boolean | null {
    return this.#chain.isStale(nowMs);
  }

  staleHasChanged(nowMs: number): boolean {
    return this.#chain.staleHasChanged(nowMs);
  }
}
