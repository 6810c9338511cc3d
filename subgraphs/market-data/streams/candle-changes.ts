import type { Candle, CandleInterval } from '../domain/candles/candle.ts';
import { candleView } from '../domain/candles/candle-view.ts';
import type { MarketState } from '../domain/market-state.ts';
import { BoundedQueue } from './bounded-queue.ts';
import { type FrameSource, Silence, type StreamLimits } from './frame-source.ts';
import { type CandleFrame, streamGap, streamHeartbeat } from './frames.ts';
import { Pace } from './pace.ts';

/** The candles of one instrument and interval: every closed candle, and the forming one regularly. */
export class CandleChanges implements FrameSource<CandleFrame> {
  readonly #market: MarketState;
  readonly #interval: CandleInterval;
  readonly #limits: StreamLimits;
  /** Closed candles and revisions that wait to be sent; none may be left out. */
  readonly #closed: BoundedQueue<Candle>;
  #forming: Candle | null = null;
  #isOverrun = false;
  readonly #pace = new Pace();
  #sequence = 0;
  #silence: Silence;
  #stopListening: () => void = () => undefined;

  constructor(market: MarketState, interval: CandleInterval, limits: StreamLimits) {
    this.#market = market;
    this.#interval = interval;
    this.#limits = limits;
    this.#closed = new BoundedQueue(limits.capacity);
    this.#silence = new Silence(limits.heartbeatMs, 0);
  }

  get backlog(): number {
    return this.#closed.length;
  }

  open(wake: () => void, nowMs: number): void {
    this.#silence = new Silence(this.#limits.heartbeatMs, nowMs);
    this.#forming = this.#market.newestCandle(this.#interval);
    this.#stopListening = this.#market.onCandle.add((candle) => {
      if (candle.interval !== this.#interval) return;
      this.#add(candle);
      wake();
    });
  }

  take(nowMs: number): CandleFrame | null {
    const frame = this.#next(nowMs) ?? this.#heartbeat(nowMs);
    if (frame !== null) this.#silence.broken(nowMs);
    return frame;
  }

  dueAtMs(): number | null {
    return this.#forming === null ? null : this.#pace.nextAtMs;
  }

  close(): void {
    this.#stopListening();
    this.#closed.clear();
  }

  #add(candle: Candle): void {
    if (!candle.closed) this.#forming = candle;
    else if (this.#isOverrun) return;
    else if (this.#closed.push(candle)) {
      if (this.#forming?.openTimeMs === candle.openTimeMs) this.#forming = null;
    } else this.#overrun();
  }

  #overrun(): void {
    this.#isOverrun = true;
    this.#closed.clear();
  }

  #next(nowMs: number): CandleFrame | null {
    if (this.#isOverrun) {
      this.#isOverrun = false;
      this.#forming = this.#market.newestCandle(this.#interval);
      const { symbol } = this.#market.instrument;
      const between = { from: this.#sequence, to: this.#sequence + 1 };
      return streamGap(symbol, 'SLOW_CONSUMER', between);
    }
    const closed = this.#closed.shift();
    if (closed !== undefined) return this.#update(closed);
    if (this.#forming === null || !this.#pace.isDue(nowMs)) return null;
    const forming = this.#forming;
    this.#forming = null;
    this.#pace.sent(nowMs, formingSpacingMs(this.#interval));
    return this.#update(forming);
  }

  #update(candle: Candle): CandleFrame {
    this.#sequence += 1;
    return {
      __typename: 'CandleUpdate',
      candle: candleView(candle, this.#market.instrument),
      sequence: String(this.#sequence),
      previousSequence: String(this.#sequence - 1),
    };
  }

  #heartbeat(nowMs: number): CandleFrame | null {
    if (!this.#silence.isTooLong(nowMs)) return null;
    const { instrument, lastMessageAtMs } = this.#market;
    const times = { nowMs, sourceAtMs: lastMessageAtMs };
    return streamHeartbeat(instrument.symbol, this.#sequence, times);
  }
}

/** How long a forming candle waits between two frames, as at venues. */
function formingSpacingMs(interval: CandleInterval): number {
  return interval === 'ONE_SECOND' ? 1000 : 2000;
}
