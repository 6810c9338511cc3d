import type { MarketState } from '../domain/market-state.ts';
import { type FrameSource, Silence, type StreamLimits } from './frame-source.ts';
import { type QuoteFrame, streamHeartbeat } from './frames.ts';
import { Pace } from './pace.ts';
import { QuoteChain } from './quote-chain.ts';

/** The newest quote of one instrument, as often as it is read but not more often than requested. */
export class LatestQuote implements FrameSource<QuoteFrame> {
  readonly backlog = 0;
  readonly #chain: QuoteChain;
  readonly #limits: StreamLimits;
  readonly #spacingMs: number;
  #silence: Silence;
  readonly #pace = new Pace();
  #stopListening: () => void = () => undefined;

  /** @param maxPerSecond null for no limit */
  constructor(market: MarketState, maxPerSecond: number | null, limits: StreamLimits) {
    this.#chain = new QuoteChain(market);
    this.#limits = limits;
    this.#spacingMs = maxPerSecond === null ? 0 : 1000 / maxPerSecond;
    this.#silence = new Silence(limits.heartbeatMs, 0);
  }

  open(wake: () => void, nowMs: number): void {
    this.#silence = new Silence(this.#limits.heartbeatMs, nowMs);
    this.#stopListening = this.#chain.market.onQuote.add(wake);
  }

  take(nowMs: number): QuoteFrame | null {
    const frame = this.#update(nowMs) ?? this.#heartbeat(nowMs);
    if (frame !== null) this.#silence.broken(nowMs);
    return frame;
  }

  dueAtMs(): number | null {
    return this.#isBehind() ? this.#pace.nextAtMs : null;
  }

  close(): void {
    this.#stopListening();
  }

  #isBehind(): boolean {
    return (this.#chain.market.quote?.sequence ?? 0) > this.#chain.sentSequence;
  }

  #update(nowMs: number): QuoteFrame | null {
    const { quote } = this.#chain.market;
    if (quote === null || !this.#isBehind() || !this.#pace.isDue(nowMs)) return null;
    this.#pace.sent(nowMs, this.#spacingMs);
    return this.#chain.next(quote, nowMs);
  }

  #heartbeat(nowMs: number): QuoteFrame | null {
    if (!this.#chain.staleHasChanged(nowMs) && !this.#silence.isTooLong(nowMs)) return null;
    const { market, sentSequence, sourceAtMs } = this.#chain;
    const source = { nowMs, sourceAtMs, stale: this.#chain.isStale(nowMs) };
    return streamHeartbeat(market.instrument.symbol, sentSequence, source);
  }
}
