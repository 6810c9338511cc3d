import { ageOf } from '#shared/domain/age.ts';
import { toTimestamp } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import { type ConsolidatedLevel, isConsolidatedCrossed, shareOf } from './consolidated-book.ts';
import type { ConsolidatedMarket } from './consolidated-market.ts';
import { type LevelView, levelView } from './book/level-view.ts';

/** A level over several venues as the API shows it. */
interface ConsolidatedLevelView extends LevelView {
  readonly shares: readonly {
    readonly venue: string;
    readonly quantity: string;
    readonly share: string;
  }[];
}

/** The books of several venues as the API shows them. */
export interface ConsolidatedView {
  readonly symbol: string;
  readonly venues: readonly string[];
  readonly leftOut: readonly string[];
  readonly bids: readonly ConsolidatedLevelView[];
  readonly asks: readonly ConsolidatedLevelView[];
  readonly crossed: boolean;
  readonly asOf: string | null;
  readonly ageMs: number | null;
  readonly stale: boolean;
}

/** See {@link ConsolidatedView}. */
export function consolidatedView(
  { book, leftOut, asOfMs }: ConsolidatedMarket,
  instrument: Instrument,
  nowMs: number,
): ConsolidatedView {
  const side = (levels: readonly ConsolidatedLevel[]) =>
    levels.map((level) => ({
      ...levelView(level, instrument),
      shares: level.shares.map((share) => ({
        venue: share.venue,
        quantity: formatQuantity(share.quantity, instrument.quantityScale),
        share: formatUnits(shareOf(level, share)),
      })),
    }));
  return {
    symbol: instrument.symbol,
    venues: book.venues,
    leftOut,
    bids: side(book.bids),
    asks: side(book.asks),
    crossed: isConsolidatedCrossed(book),
    asOf: asOfMs === null ? null : toTimestamp(asOfMs),
    ageMs: asOfMs === null ? null : ageOf(asOfMs, nowMs),
    stale: asOfMs === null,
  };
}
