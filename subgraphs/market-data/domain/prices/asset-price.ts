import { formatUnits, ONE } from '#shared/domain/decimal.ts';
import { formatPrice } from '#shared/domain/price.ts';
import type { MarketList } from '../markets.ts';
import { midOf } from '../quote.ts';

/**
 * The latest price of one unit of an asset in another: that of the last trade of their instrument,
 * otherwise the mid price of its quote; "1" for the asset itself, null while nothing is known.
 */
export function lastPriceOf(markets: MarketList, code: string, quoteCode: string): string | null {
  if (code === quoteCode) return formatUnits(ONE);
  const market = markets.get(`${code}-${quoteCode}`);
  if (market === undefined) return null;
  const traded = market.tape.newest()?.price ?? null;
  const price = traded ?? (market.quote === null ? null : midOf(market.quote));
  return price === null ? null : formatPrice(price, market.instrument.priceScale);
}
