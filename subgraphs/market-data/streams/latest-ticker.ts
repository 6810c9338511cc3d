import type { MarketState } from '../domain/market-state.ts';
import { tickerView } from '../domain/candles/ticker-view.ts';
import { type FrameSource, Silence, type StreamLimits } from './frame-source.ts';
import { streamHeartbeat, type TickerFrame } from './frames.ts';
import { Pace } from './pace.ts';

/** A ticker is sent at most this often: it is read, and not traded on. */
const SPACING_MS = 1000;

/**
 * The ticker of one instrument: the current one, then whenever it has changed, at most once a
 * second.
 */
export class LatestTicker implements FrameSource<TickerFrame> {
  readonly backlog = 0;
  readonly #market: MarketState;
  readonly #limits: StreamLimits;
  #silence: Silence;
  #hasNews = true;
  /** When the window of the last sent ticker moves on, by our clock; null if none was sent. */
  #windowEndMs: number | null = null;
  #sequence = 0;
  readonly #pace = new Pace();
  #stopListening: readonly (() => void)[] = [];

  constructor(market: MarketState, limits: StreamLimits) {
    this.#market = market;
    this.#limits = limits;
    this.#silence = new Silence(limits.heartbeatMs, 0);
  }

  open(wake: () => void, nowMs: number): void {
    this.#silence = new Silence(this.#limits.heartbeatMs, nowMs);
    const note = () => {
      this.#hasNews = true;
      wake();
    };
    this.#stopListening = [
      this.#market.onCandle.add(({ interval }) => {
        if (interval === 'ONE_MINUTE') note();
      }),
      this.#market.onSuspension.add(note),
    ];
  }

  take(nowMs: number): TickerFrame | null {
    const frame = this.#update(nowMs) ?? this.#heartbeat(nowMs);
    if (frame !== null) this.#silence.broken(nowMs);
    return frame;
  }

  dueAtMs(): number | null {
    if (this.#hasNews) return this.#pace.nextAtMs;
    return this.#windowEndMs === null ? null : Math.max(this.#windowEndMs, this.#pace.nextAtMs);
  }

  close(): void {
    for (const stop of this.#stopListening) stop();
  }

  #update(nowMs: number): TickerFrame | null {
    const hasMoved = nowMs >= (this.#windowEndMs ?? Infinity);
    if (!this.#pace.isDue(nowMs) || !(this.#hasNews || hasMoved)) return null;
    this.#hasNews = false;
    this.#pace.sent(nowMs, SPACING_MS);
    const ticker = this.#market.ticker(nowMs);
    this.#windowEndMs = ticker === null ? null : nowMs + ticker.toMs - ticker.atMs;
    if (ticker === null) return null;
    this.#sequence += 1;
    return {
      __typename: 'TickerUpdate',
      ticker: tickerView(this.#market, ticker),
      sequence: String(this.#sequence),
      previousSequence: String(this.#sequence - 1),
    };
  }

  #heartbeat(nowMs: number): TickerFrame | null {
    if (!this.#silence.isTooLong(nowMs)) return null;
    const { instrument, lastMessageAtMs } = this.#market;
    const times = { nowMs, sourceAtMs: lastMessageAtMs };
    return streamHeartbeat(instrument.symbol, this.#sequence, times);
  }
}
