import type { TimedTradeRange, TradePosition, TradeRange } from './history.ts';
import { KEPT_TRADES, type MarketState } from './market-state.ts';
import type { MarketTrade } from './trade.ts';

/** Answers one range of stored trades; calls made together become one statement. */
export type LoadTrades = (range: TradeRange) => Promise<readonly MarketTrade[]>;
/** As {@link LoadTrades}, of a period. */
export type LoadTimedTrades = (range: TimedTradeRange) => Promise<readonly MarketTrade[]>;

/**
 * The newest trades of a market, newest first: from memory, and beyond that from the store.
 * @param before only trades with a smaller sequence; Infinity for all
 * @returns at most `count`
 */
export async function readTrades(
  market: MarketState,
  { before, count }: { readonly before: number; readonly count: number },
  load: LoadTrades,
): Promise<readonly MarketTrade[]> {
  const kept = market.tape.latest(count, before);
  const whole = unbroken(kept, Math.min(before, market.tradeSequence + 1));
  const olderThan = whole.at(-1)?.sequence ?? before;
  const missing = count - whole.length;
  if (missing === 0 || olderThan <= 1) return whole;
  const { symbol } = market.instrument;
  const stored = await load({ symbol, before: olderThan, limit: missing });
  return [...whole, ...merged(stored, kept.slice(whole.length))].slice(0, count);
}

/**
 * The newest trades of a period by the venue's clock, newest first. A late trade is placed by its
 * time, not by its sequence: so a period has all of its trades and no others, whatever the venue's
 * clock did.
 * @returns at most `count`
 */
export async function readTimedTrades(
  market: MarketState,
  { count, ...wish }: Omit<TimedTradeRange, 'symbol' | 'limit'> & { readonly count: number },
  load: LoadTimedTrades,
): Promise<readonly MarketTrade[]> {
  const { from, to } = wish.period;
  const kept = market.tape
    .latest(KEPT_TRADES)
    .filter(({ exchangeTimeMs: atMs }) => (from ?? -Infinity) <= atMs && atMs < (to ?? Infinity))
    .filter((trade) => wish.after === null || byTime(trade, wish.after) > 0);
  const stored = await load({ ...wish, symbol: market.instrument.symbol, limit: count });
  return merged(stored, kept).toSorted(byTime).slice(0, count);
}

/** Newest first. */
function byTime(left: TradePosition, right: TradePosition): number {
  return right.exchangeTimeMs - left.exchangeTimeMs || right.sequence - left.sequence;
}

/** The consecutive ones at the beginning: what was not received here may be in the store. */
function unbroken(kept: readonly MarketTrade[], before: number): readonly MarketTrade[] {
  const hole = kept.findIndex(({ sequence }, index) => sequence !== before - 1 - index);
  return hole === -1 ? kept : kept.slice(0, hole);
}

/** The newest may not be stored yet. */
function merged(
  stored: readonly MarketTrade[],
  kept: readonly MarketTrade[],
): readonly MarketTrade[] {
  const all = new Map([...kept, ...stored].map((trade) => [trade.sequence, trade]));
  return [...all.values()].toSorted((left, right) => right.sequence - left.sequence);
}
