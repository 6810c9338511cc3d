import { describe, expect, it } from 'vitest';
import { BTC_USDT, price, quantity, trade } from '../../test-market.ts';
import { INTERVAL_MS } from './candle.ts';
import { CandleChart } from './candle-chart.ts';

const { symbol } = BTC_USDT;
const MINUTE = INTERVAL_MS.ONE_MINUTE;
/** What a process leaves in the store. */
const TRADES = [1, 20_000, 59_000, MINUTE, MINUTE + 30_000].map((atMs, index) =>
  trade(atMs, `1 @ ${100 + index}`, { tradeId: `${index}`, sequence: index + 1 }),
);

/** The next process, with the two newest candles of each interval, as they are stored. */
function restarted(trades = TRADES): CandleChart {
  const before = new CandleChart(symbol, { trades: [], candles: [] });
  for (const each of TRADES) before.add(each);
  const candles = (Object.keys(INTERVAL_MS) as (keyof typeof INTERVAL_MS)[]).flatMap((interval) =>
    before
      .of(interval)
      .between(-Infinity, Infinity)
      .slice(-2)
      .map((candle) => ({
        ...candle,
        firstTradeAtMs: candle.openTimeMs,
        lastTradeAtMs: candle.openTimeMs,
      })),
  );
  return new CandleChart(symbol, { trades, candles });
}

describe('the candles of a process that starts again', () => {
  it('go on with a first trade that is late, in the candle that it belongs to', () => {
    const chart = restarted();
    chart.add(trade(30_000, '1 @ 90', { tradeId: 'late', sequence: 6 }));
    chart.add(trade(MINUTE + 31_000, '1 @ 105', { tradeId: 'next', sequence: 7 }));
    const minutes = chart.of('ONE_MINUTE').between(-Infinity, Infinity);
    expect(minutes).toMatchObject([
      { low: price('90'), close: price('102'), volume: quantity('4'), tradeCount: 4, revision: 2 },
      { open: price('103'), close: price('105'), tradeCount: 3 },
    ]);
    expect(chart.newest('ONE_DAY')).toMatchObject({ tradeCount: 7, close: price('105') });
  });

  it.each([
    ['is stored already', TRADES, TRADES[1]],
    ['is before all that are stored', TRADES.slice(1), TRADES[0]],
    ['is before candles that no trade is stored of', [], trade(MINUTE - 1, '1 @ 90')],
  ])('begin again with a first trade that %s: a recording is played again', (_, known, first) => {
    const chart = restarted(known);
    if (first !== undefined) chart.add(first);
    const day = chart.of('ONE_DAY').between(-Infinity, Infinity);
    expect(day).toMatchObject([{ tradeCount: 1, open: first?.price, loss: 'RESTARTED' }]);
  });
});
