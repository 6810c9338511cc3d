import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { ConsolidatedDepth, LevelText } from '#shared/events/topics.ts';
import { consolidatedMarket } from '../domain/consolidated-market.ts';
import type { Level } from '../domain/book/level.ts';
import type { MarketState } from '../domain/market-state.ts';

/** What the topic `market.consolidated` promises. */
const PUBLISHED_LEVELS = 20;

/**
 * The consolidated book of one instrument as it is published; null while no book is reliable.
 * @param markets the markets of one instrument, its home first: its price scale is used for all
 */
export function consolidatedDepthOf(
  markets: readonly [MarketState, ...MarketState[]],
  nowMs: number,
): ConsolidatedDepth | null {
  const { book, asOfMs } = consolidatedMarket(markets, { depth: PUBLISHED_LEVELS, nowMs });
  if (asOfMs === null) return null;
  const { symbol, priceScale, quantityScale } = markets[0].instrument;
  const text = ({ price, quantity }: Level): LevelText => [
    formatPrice(price, priceScale),
    formatQuantity(quantity, quantityScale),
  ];
  const isIn = ({ venue }: MarketState) => book.venues.includes(venue);
  return {
    symbol,
    bids: book.bids.map(text),
    asks: book.asks.map(text),
    books: markets.filter(isIn).map((market) => ({
      venue: market.venue,
      sequence: `${market.bookSequence}`,
    })),
    asOfMs,
  };
}
