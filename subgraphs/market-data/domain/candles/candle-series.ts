import {
  type Candle,
  type CandleGap,
  type CandleGapReason,
  type CandleInterval,
  closeTimeOf,
  emptyCandle,
  INTERVAL_MS,
  openTimeOf,
  withPrice,
  withTrade,
} from './candle.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';
import type { MarketTrade } from '../trade.ts';

/** Closed candles kept for late trades and for queries; older ones are in the store. */
const KEPT = 1000;
/** More than a day of minutes: what the ticker is made of. */
export const KEPT_MINUTES = 1500;
/** A longer silence than this many intervals is missing data, not quiet: its candles are absent. */
const MAX_EMPTY_IN_A_ROW = 1000;

/**
 * Builds the candles of one instrument and interval from its trades. Each is closed once, by the
 * first sign that its interval is over; a trade that arrives later makes a new revision of it.
 * Every method returns the candles it changed, in the order to publish them.
 */
export class CandleSeries {
  readonly #place: { readonly symbol: InstrumentSymbol; readonly interval: CandleInterval };
  /** Oldest first. */
  #closed: Candle[] = [];
  #forming: Candle | null;
  /**
   * Why trades may be missing: then intervals without trades are absent instead of empty. The
   * market existed before us, so the very first candle begins in the middle.
   */
  #interruption: CandleGapReason | null = 'RESTARTED';
  #version = 0;
  /** What {@link hasGaps} found, and at which version. */
  #gaps = { version: -1, has: false };

  /** @param restored the newest candles from before a restart, oldest first */
  constructor(
    symbol: InstrumentSymbol,
    interval: CandleInterval,
    restored: readonly Candle[] = [],
  ) {
    this.#place = { symbol, interval };
    const newest = restored.at(-1) ?? null;
    this.#forming = newest?.closed === false ? newest : null;
    this.#closed = restored.filter((candle) => candle !== this.#forming);
    this.interrupt('RESTARTED');
  }

  /** Increases whenever a candle may have changed. */
  get version(): number {
    return this.#version;
  }

  /** Counts one trade in. */
  add(trade: MarketTrade): Candle[] {
    this.#version += 1;
    const openTimeMs = openTimeOf(this.#place.interval, trade.exchangeTimeMs);
    const newest = this.newest();
    if (newest !== null && openTimeMs < newest.openTimeMs) return this.#revise(openTimeMs, trade);
    const closed = this.#close(openTimeMs);
    const loss = this.#interruption;
    this.#interruption = null;
    if (this.#forming === null && this.newest()?.openTimeMs === openTimeMs)
      return this.#revise(openTimeMs, trade);
    const candle = this.#forming ?? this.#begin(openTimeMs, trade, loss);
    this.#forming = withTrade(candle, trade);
    return [...closed, this.#forming];
  }

  /**
   * The venue's clock has reached this time: closes the candles that have ended, with empty ones for
   * quiet intervals.
   */
  advance(toMs: number): Candle[] {
    if (this.#forming === null || closeTimeOf(this.#forming) > toMs) return [];
    this.#version += 1;
    const closed = this.#close(toMs);
    return this.#forming === null ? closed : [...closed, this.#forming];
  }

  /** The market itself begins here: if there is no candle yet, nothing is missing in the first. */
  open(): void {
    if (this.newest() !== null) return;
    this.#version += 1;
    this.#interruption = null;
  }

  /**
   * From here to the next trade something may be missing; the first reason is the one that is
   * shown.
   * @param sinceMs the exchange time since which something is missing, if it was noticed later: candles
   *   that were closed since then may lack it too
   * @returns those
   */
  interrupt(reason: CandleGapReason, sinceMs = Infinity): Candle[] {
    this.#version += 1;
    this.#interruption ??= reason;
    if (this.#forming !== null) this.#forming = { ...this.#forming, loss: this.#interruption };
    const whole = this.#closed.findLastIndex((candle) => closeTimeOf(candle) <= sinceMs) + 1;
    return this.#closed
      .slice(whole)
      .flatMap((candle, place) =>
        candle.loss === null ? this.#replace(whole + place, { ...candle, loss: reason }) : [],
      );
  }

  /**
   * Whether the store may know more about some kept candles, or about what is between or after
   * them.
   */
  hasGaps(): boolean {
    // One answer can ask for thousands of past prices, each of which asks this.
    if (this.#gaps.version !== this.#version) {
      const isWhole = ({ gap, loss }: Candle) => gap === null && loss === null;
      const isBroken = this.#interruption !== null || (this.#forming?.gap ?? null) !== null;
      this.#gaps = { version: this.#version, has: isBroken || !this.#closed.every(isWhole) };
    }
    return this.#gaps.has;
  }

  /** The forming candle, otherwise the last closed one, otherwise null. */
  newest(): Candle | null {
    return this.#forming ?? this.#closed.at(-1) ?? null;
  }

  /** Candles with `fromMs` ≤ open time < `toMs`, oldest first. */
  between(fromMs: number, toMs: number): Candle[] {
    const between = this.#closed.slice(this.#placeOf(fromMs), this.#placeOf(toMs));
    const formsAtMs = this.#forming?.openTimeMs ?? NaN;
    if (this.#forming !== null && formsAtMs >= fromMs && formsAtMs < toMs)
      between.push(this.#forming);
    return between;
  }

  /** Where the kept candles begin; older ones are in the store. Infinity if there is none. */
  oldestOpenTimeMs(): number {
    return (this.#closed.at(0) ?? this.#forming)?.openTimeMs ?? Infinity;
  }

  /** How many closed candles open before this time. */
  #placeOf(atMs: number): number {
    let [low, high] = [0, this.#closed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#closed[middle]?.openTimeMs ?? Infinity) < atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #close(toMs: number): Candle[] {
    const closed: Candle[] = [];
    while (this.#forming !== null && closeTimeOf(this.#forming) <= toMs) {
      const last: Candle = { ...this.#forming, closed: true };
      closed.push(last);
      this.#forming = this.#follows(last, toMs) ? this.#next(last) : null;
    }
    this.#closed.push(...closed);
    const kept = this.#place.interval === 'ONE_MINUTE' ? KEPT_MINUTES : KEPT;
    if (this.#closed.length > 2 * kept) this.#closed = this.#closed.slice(-kept);
    return closed;
  }

  #follows(last: Candle, toMs: number): boolean {
    const quietMs = toMs - closeTimeOf(last);
    const isQuiet = quietMs <= MAX_EMPTY_IN_A_ROW * INTERVAL_MS[last.interval];
    return this.#interruption === null && isQuiet;
  }

  /** The first candle of all, or the first one after a gap. */
  #begin(openTimeMs: number, trade: MarketTrade, loss: CandleGapReason | null): Candle {
    const candle = emptyCandle({ ...this.#place, openTimeMs }, trade.price);
    return { ...candle, loss, gap: this.#gapBefore(openTimeMs, loss ?? 'SILENT') };
  }

  #gapBefore(openTimeMs: number, reason: CandleGapReason): CandleGap | null {
    const newest = this.newest();
    if (newest === null || closeTimeOf(newest) >= openTimeMs) return null;
    return { fromMs: closeTimeOf(newest), reason };
  }

  #next(last: Candle): Candle {
    return emptyCandle({ ...this.#place, openTimeMs: closeTimeOf(last) }, last.close);
  }

  #revise(openTimeMs: number, trade: MarketTrade): Candle[] {
    const index = this.#closed.findLastIndex((candle) => candle.openTimeMs === openTimeMs);
    const known = this.#closed[index];
    if (known === undefined) return [];
    const revised = this.#replace(index, withTrade(known, trade));
    return revised.close === known.close
      ? [revised]
      : [revised, ...this.#requote(index + 1, revised.close)];
  }

  /** Gives the quiet intervals from here on the close before them. */
  #requote(begin: number, close: Price): Candle[] {
    const changed: Candle[] = [];
    let next = begin;
    for (let quiet = this.#closed[next]; isQuiet(quiet); quiet = this.#closed[(next += 1)])
      changed.push(this.#replace(next, withPrice(quiet, close)));
    if (next < this.#closed.length || !isQuiet(this.#forming)) return changed;
    this.#forming = withPrice(this.#forming, close);
    return [...changed, this.#forming];
  }

  /** Replaces a closed candle by its next revision. */
  #replace(index: number, candle: Candle): Candle {
    const revised = { ...candle, revision: candle.revision + 1 };
    this.#closed[index] = revised;
    return revised;
  }
}

/** Whether a candle is of our own and nothing was traded in it. */
function isQuiet(candle: Candle | null | undefined): candle is Candle {
  return candle?.tradeCount === 0 && candle.source === 'TRADES' && candle.gap === null;
}
