import { ageOf } from '#shared/domain/age.ts';
import { toTimestamp } from '#shared/domain/clock.ts';
import type { Price } from '#shared/domain/price.ts';
import { bookChecksum } from './checksum.ts';
import { type BookLevelsView, bookLevelsView } from './level-view.ts';
import type { MarketState } from '../market-state.ts';
import { topOfBook } from './price-step.ts';

/** A book to some depth as the API shows it. */
export interface BookView extends BookLevelsView {
  readonly symbol: string;
  readonly sequence: string;
  readonly exchangeTime: string | null;
  readonly receivedTime: string;
  readonly asOf: string;
  readonly ageMs: number;
  readonly stale: boolean;
  readonly checksum: string;
}

/** Which part of a book is shown. */
export interface BookWish {
  /** At most this many levels of each side. */
  readonly depth: number;
  /** Null leaves every price by itself. */
  readonly priceStep: Price | null;
}

/** The book of a market now; null before its first snapshot. */
export function bookView(
  market: MarketState,
  { depth, priceStep }: BookWish,
  nowMs: number,
): BookView | null {
  const times = market.bookTimes;
  if (times === null) return null;
  const levels = bookLevelsView(topOfBook(market.book, depth, priceStep), market.instrument);
  return {
    ...levels,
    symbol: market.instrument.symbol,
    sequence: String(market.bookSequence),
    exchangeTime: times.exchangeTimeMs === null ? null : toTimestamp(times.exchangeTimeMs),
    receivedTime: toTimestamp(times.receivedAtMs),
    asOf: toTimestamp(times.exchangeTimeMs ?? times.receivedAtMs),
    ageMs: ageOf(times.receivedAtMs, nowMs),
    stale: !market.isBookValid,
    checksum: bookChecksum(levels.bids, levels.asks),
  };
}
