import { LazyLoader } from '#shared/graphql/lazy-loader.ts';
import type { HistoryReads } from './domain/history.ts';
import type { LoadCandles } from './domain/candles/read-candles.ts';
import type { LoadTimedTrades, LoadTrades } from './domain/read-trades.ts';

/** Reads of the store that one request makes together, each kind as one statement. */
export interface MarketDataLoaders {
  readonly candles: LoadCandles;
  readonly trades: LoadTrades;
  readonly timedTrades: LoadTimedTrades;
}

/** Loaders for one request. Ranges are objects, so nothing is cached between equal ones. */
export function createLoaders(history: HistoryReads): MarketDataLoaders {
  const candles = new LazyLoader(history.candles.bind(history), { cache: false });
  const trades = new LazyLoader(history.trades.bind(history), { cache: false });
  const timedTrades = new LazyLoader(history.timedTrades.bind(history), { cache: false });
  return {
    candles: (range) => candles.load(range),
    trades: (range) => trades.load(range),
    timedTrades: (range) => timedTrades.load(range),
  };
}
