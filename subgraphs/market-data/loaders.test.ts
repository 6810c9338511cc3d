import { describe, expect, it } from 'vitest';
import type { CandleRange, HistoryReads, TimedTradeRange, TradeRange } from './domain/history.ts';
import { createLoaders } from './loaders.ts';
import { BTC_USDT, ETH_USDT } from './test-market.ts';

/** A store that is empty and counts its calls. */
class CountingHistory implements HistoryReads {
  calls = 0;

  candles(ranges: readonly CandleRange[]) {
    this.calls += 1;
    return Promise.resolve(ranges.map(() => []));
  }

  trades(ranges: readonly TradeRange[]) {
    this.calls += 1;
    return Promise.resolve(ranges.map(() => []));
  }

  timedTrades(ranges: readonly TimedTradeRange[]) {
    this.calls += 1;
    return Promise.resolve(ranges.map(() => []));
  }
}

describe('the loaders of one request', () => {
  it('read the trades, those of a period, and the candles, of any number of instruments in one call each', async () => {
    const history = new CountingHistory();
    const loaders = createLoaders(history);
    const symbols = Array.from({ length: 50 }, () => [BTC_USDT.symbol, ETH_USDT.symbol]).flat();
    const range = { interval: 'ONE_MINUTE', fromMs: 0, toMs: 1, order: 'oldestFirst' } as const;
    await Promise.all([
      ...symbols.map((symbol) => loaders.trades({ symbol, before: Infinity, limit: 10 })),
      ...symbols.map((symbol) =>
        loaders.timedTrades({ symbol, period: { from: 0, to: null }, after: null, limit: 10 }),
      ),
      ...symbols.map((symbol) => loaders.candles({ ...range, symbol, limit: 10 })),
    ]);
    expect(history.calls).toBe(3);
  });
});
