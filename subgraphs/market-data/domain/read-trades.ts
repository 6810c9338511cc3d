import type { MarketTrade } from './trade.ts';
import type { TradeRange } from './history.ts';
import type { MarketState } from './market-state.ts';

/** Answers one range of stored trades; calls made together become one statement. */
export type LoadTrades = (range: TradeRange) => Promise<readonly MarketTrade[]>;

/**
 * The newest trades of a market, newest first: from memory, and where that ends from the store.
 * @param before only trades with a smaller sequence; Infinity for all
 * @returns at most `count`
 */
export async function readTrades(
  market: MarketState,
  { before, count }: { readonly before: number; readonly count: number },
  load: LoadTrades,
): Promise<readonly MarketTrade[]> {
  const kept = market.tape.latest(count, before);
  const olderThan = Math.min(before, market.tape.oldestSequence());
  const missing = count - kept.length;
  if (missing === 0 || olderThan <= 1) return kept;
  const { symbol } = market.instrument;
  return [...kept, ...(await load({ symbol, before: olderThan, limit: missing }))];
}
