import type { Price } from '#shared/domain/price.ts';
import type { MarketState } from '../market-state.ts';
import { midOf } from '../quote.ts';

/**
 * The price that a position or a balance is valued at: the mid price of a fresh quote. Null without both sides, and
 * while the bid is above the ask: one of them is wrong, and so is what lies between.
 */
export function markPriceOf(market: MarketState, nowMs: number): Price | null {
  const { quote } = market;
  if (quote === null || market.freshnessOf(quote, nowMs).stale) return null;
  const { bid, ask } = quote;
  return bid !== null && ask !== null && bid.price > ask.price ? null : midOf(quote);
}
