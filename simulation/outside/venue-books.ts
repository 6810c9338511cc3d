import type { ConsolidatedDepth, LevelText } from '#shared/events/topics.ts';
import { MARKET_LEVELS, priceText } from '../clients/drawn-orders.ts';
import { units } from '../../subgraphs/order/domain/test-orders.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { MarketMove } from './market-traffic.ts';

/** How far another venue is from the home market, in ticks: as far as its spread, so that the two can cross. */
const MOST_SHIFTED = 4;

/** The home market and that of another venue as one book. */
export function venueBooks(
  { instrument: { symbol }, bidTicks, askTicks, sequence }: MarketMove,
  random: SeededRandom,
  asOfMs: number,
): ConsolidatedDepth {
  const shift = random.between(-MOST_SHIFTED, MOST_SHIFTED);
  const books = [
    { venue: 'home', sequence: `${sequence}` },
    { venue: 'other', sequence: `${sequence}` },
  ];
  return {
    ...{ symbol, books, asOfMs },
    bids: sideOf([bidTicks, bidTicks + shift], -1),
    asks: sideOf([askTicks, askTicks + shift], 1),
  };
}

/** @param away where worse prices are */
function sideOf(best: readonly number[], away: 1 | -1): readonly LevelText[] {
  const levels = new Map<number, bigint>();
  for (const first of best)
    for (const { ticks, size } of MARKET_LEVELS) {
      const price = first + away * ticks;
      levels.set(price, (levels.get(price) ?? 0n) + units(size));
    }
  return [...levels]
    .sort(([left], [right]) => away * (left - right))
    .map(([price, size]) => [priceText(price), formatUnits(size)]);
}
