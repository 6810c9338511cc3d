import {
  type Candle,
  type CandleInterval,
  closeTimeOf,
  emptyCandle,
  INTERVAL_MS,
  openTimeOf,
  withTrade,
} from './candle.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { MarketTrade } from './trade.ts';

/** Closed candles kept for late trades and for queries; older ones are the store's. */
const KEPT = 1000;
/** A longer silence than so many intervals is missing data, not quiet: its candles are absent. */
const MAX_EMPTY_IN_A_ROW = 1000;

/**
 * Builds the candles of one instrument and interval from its trades. Each is closed once, by the
 * first sign that its interval is over; a trade that comes later makes a new revision of it.
 * Every method answers the candles it changed, in the order to tell them.
 */
export class CandleSeries {
  readonly #place: { readonly symbol: InstrumentSymbol; readonly interval: CandleInterval };
  /** Oldest first. */
  #closed: Candle[] = [];
  #forming: Candle | null;
  /** Whether trades may be missing: then intervals without trades are absent instead of empty. */
  #isInterrupted: boolean;

  /** @param restored the candle that was forming before a restart */
  constructor(symbol: InstrumentSymbol, interval: CandleInterval, restored: Candle | null = null) {
    this.#place = { symbol, interval };
    this.#forming = restored;
    this.#isInterrupted = restored !== null;
  }

  /** Counts one trade in. */
  add(trade: MarketTrade): Candle[] {
    const openTimeMs = openTimeOf(this.#place.interval, trade.exchangeTimeMs);
    const newest = this.newest();
    if (newest !== null && openTimeMs < newest.openTimeMs) return this.#revise(openTimeMs, trade);
    const closed = this.#close(openTimeMs);
    this.#isInterrupted = false;
    if (this.#forming === null && this.newest()?.openTimeMs === openTimeMs)
      return this.#revise(openTimeMs, trade);
    const candle = this.#forming ?? emptyCandle({ ...this.#place, openTimeMs }, trade.price);
    this.#forming = withTrade(candle, trade);
    return [...closed, this.#forming];
  }

  /** The venue's clock has come so far: closes what is over, with empty candles for quiet intervals. */
  advance(toMs: number): Candle[] {
    if (this.#forming === null || closeTimeOf(this.#forming) > toMs) return [];
    const closed = this.#close(toMs);
    return this.#forming === null ? closed : [...closed, this.#forming];
  }

  /** From here to the next trade something may be missing. */
  interrupt(): void {
    this.#isInterrupted = true;
  }

  /** The candle that forms, else the last closed one, else null. */
  newest(): Candle | null {
    return this.#forming ?? this.#closed.at(-1) ?? null;
  }

  /** Candles with `fromMs` ≤ open time < `toMs`, oldest first. */
  between(fromMs: number, toMs: number): Candle[] {
    const all = this.#forming === null ? this.#closed : [...this.#closed, this.#forming];
    return all.filter(({ openTimeMs }) => openTimeMs >= fromMs && openTimeMs < toMs);
  }

  /** Where the kept candles begin; what is older is the store's. Infinity when there is none. */
  oldestOpenTimeMs(): number {
    return (this.#closed.at(0) ?? this.#forming)?.openTimeMs ?? Infinity;
  }

  #close(toMs: number): Candle[] {
    const closed: Candle[] = [];
    while (this.#forming !== null && closeTimeOf(this.#forming) <= toMs) {
      const last: Candle = { ...this.#forming, closed: true };
      closed.push(last);
      this.#forming = this.#follows(last, toMs) ? this.#next(last) : null;
    }
    this.#closed.push(...closed);
    if (this.#closed.length > 2 * KEPT) this.#closed = this.#closed.slice(-KEPT);
    return closed;
  }

  #follows(last: Candle, toMs: number): boolean {
    const quietMs = toMs - closeTimeOf(last);
    return !this.#isInterrupted && quietMs <= MAX_EMPTY_IN_A_ROW * INTERVAL_MS[last.interval];
  }

  #next(last: Candle): Candle {
    return emptyCandle({ ...this.#place, openTimeMs: closeTimeOf(last) }, last.close);
  }

  #revise(openTimeMs: number, trade: MarketTrade): Candle[] {
    const index = this.#closed.findLastIndex((candle) => candle.openTimeMs === openTimeMs);
    const known = this.#closed[index];
    if (known === undefined) return [];
    const revised = { ...withTrade(known, trade), revision: known.revision + 1 };
    this.#closed[index] = revised;
    return [revised];
  }
}
