import { toTimestamp } from '#shared/domain/clock.ts';
import { bookChecksum } from './checksum.ts';
import { type BookLevelsView, bookLevelsView } from './level-view.ts';
import type { MarketState } from './market-state.ts';

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

/** The book of a market now, at most `depth` levels of each side; null before its first snapshot. */
export function bookView(market: MarketState, depth: number, nowMs: number): BookView | null {
  const times = market.bookTimes;
  if (times === null) return null;
  const levels = bookLevelsView(market.book.top(depth), market.instrument);
  return {
    ...levels,
    symbol: market.instrument.symbol,
    sequence: String(market.book.sequence),
    exchangeTime: times.exchangeTimeMs === null ? null : toTimestamp(times.exchangeTimeMs),
    receivedTime: toTimestamp(times.receivedAtMs),
    asOf: toTimestamp(times.exchangeTimeMs ?? times.receivedAtMs),
    ageMs: Math.max(0, Math.trunc(nowMs - times.receivedAtMs)),
    stale: !market.isBookValid,
    checksum: bookChecksum(levels.bids, levels.asks),
  };
}
