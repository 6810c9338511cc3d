import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { LevelText, MarketDepth } from '#shared/events/topics.ts';
import type { Level } from '../domain/book/level.ts';
import type { MarketState } from '../domain/market-state.ts';
import { topOfBook } from '../domain/book/price-step.ts';

/** What the topic `market.depth` promises. */
const PUBLISHED_LEVELS = 20;

/**
 * The top of a market as it is published; null before its first quote or snapshot. A quote is newer
 * than the book, so the first level is the quote's, and book levels at its price or better are left
 * out. A book that is not valid is not used.
 */
export function marketDepthOf(market: MarketState): MarketDepth | null {
  const { quote, bookTimes, instrument } = market;
  if (quote === null && bookTimes === null) return null;
  const isUsed = market.isBookValid;
  const book = isUsed ? topOfBook(market.book, PUBLISHED_LEVELS, null) : { bids: [], asks: [] };
  const bids = quote === null ? book.bids : behind(quote.bid, book.bids, isBelow);
  const asks = quote === null ? book.asks : behind(quote.ask, book.asks, isAbove);
  const text = ({ price, quantity }: Level): LevelText => [
    formatPrice(price, instrument.priceScale),
    formatQuantity(quantity, instrument.quantityScale),
  ];
  return {
    symbol: instrument.symbol,
    sequence: String(quote?.sequence ?? 0),
    bids: bids.slice(0, PUBLISHED_LEVELS).map(text),
    asks: asks.slice(0, PUBLISHED_LEVELS).map(text),
    receivedAtMs: quote?.receivedAtMs ?? bookTimes?.receivedAtMs ?? 0,
    suspended: market.isSuspended,
    status: market.status.status,
  };
}

/** A side without a quote is empty, even if an older book has levels there. */
function behind(
  best: Level | null,
  levels: readonly Level[],
  isBehind: (level: Level, best: Level) => boolean,
): readonly Level[] {
  return best === null ? [] : [best, ...levels.filter((level) => isBehind(level, best))];
}

function isBelow(level: Level, best: Level): boolean {
  return level.price < best.price;
}

function isAbove(level: Level, best: Level): boolean {
  return level.price > best.price;
}
