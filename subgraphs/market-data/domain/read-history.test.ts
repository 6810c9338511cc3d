// Pages that begin in memory and continue in the store, with every row exactly once.
import { describe, expect, it } from 'vitest';
import { TestMarket, trade } from '../test-market.ts';
import type { Candle } from './candles/candle.ts';
import type { CandleRange, TimedTradeRange, TradeRange } from './history.ts';
import { readCandles } from './candles/read-candles.ts';
import { readTimedTrades, readTrades } from './read-trades.ts';
import { MarketState } from './market-state.ts';

const SECOND = 1000;

/** A market restored with earlier trades 1 to 4, and the store that holds them and two more. */
function restored() {
  const stored = [1, 2, 3, 4].map((sequence) => trade(sequence, '1 @ 100', { sequence }));
  const { instrument } = new TestMarket().market;
  const market = new MarketState(instrument, 'test', { trades: stored.slice(2), candles: [] });
  const load = ({ before, limit }: TradeRange) =>
    Promise.resolve(
      stored
        .filter(({ sequence }) => sequence < before)
        .reverse()
        .slice(0, limit),
    );
  return { market, load };
}

describe('reading trades', () => {
  it.each([
    [Infinity, 2, [4, 3]],
    [Infinity, 3, [4, 3, 2]],
    [Infinity, 9, [4, 3, 2, 1]],
    [4, 2, [3, 2]],
    [3, 9, [2, 1]],
    [1, 9, []],
  ])('before %s, %i of them', async (before, count, expected) => {
    const { market, load } = restored();
    const rows = await readTrades(market, { before, count }, load);
    expect(rows.map(({ sequence }) => sequence)).toEqual(expected);
  });

  it.each([
    [Infinity, 2, [9, 8]],
    [Infinity, 4, [9, 8, 7, 6]],
    [8, 3, [7, 6, 5]],
    [Infinity, 99, [9, 8, 7, 6, 5, 4, 3, 2, 1]],
  ])(
    'that only another process received, before %s, %i of them',
    async (before, count, expected) => {
      const desk = new TestMarket();
      for (const sequence of [1, 2, 3, 4, 8, 9]) desk.hearTrade(sequence);
      // The newest trades received here before the hole are not stored yet.
      const stored = [7, 6, 5, 2, 1].map((sequence) => trade(sequence, '1 @ 100', { sequence }));
      const load = (range: TradeRange) =>
        Promise.resolve(
          stored.filter(({ sequence }) => sequence < range.before).slice(0, range.limit),
        );
      const rows = await readTrades(desk.market, { before, count }, load);
      expect(rows.map(({ sequence }) => sequence)).toEqual(expected);
    },
  );

  it('asks the store for nothing when memory has it', async () => {
    const { market } = restored();
    const fail = () => Promise.reject(new Error('the store was asked'));
    expect(await readTrades(market, { before: Infinity, count: 2 }, fail)).toHaveLength(2);
  });

  it('continues counting after a restart', () => {
    const { market } = restored();
    expect(market.tradeSequence).toBe(4);
  });
});

describe('reading the trades of a period', () => {
  /** Of sequences 1 to 6 with these times, 1 to 4 are stored and 3 to 6 are in memory; 4 is a late one. */
  const TIMES = [10, 20, 30, 15, 40, 40];
  function late() {
    const trades = TIMES.map((atMs, index) => trade(atMs, '1 @ 100', { sequence: index + 1 }));
    const { instrument } = new TestMarket().market;
    const market = new MarketState(instrument, 'test', { trades: trades.slice(2), candles: [] });
    const load = ({ period: { from, to }, after, limit }: TimedTradeRange) =>
      Promise.resolve(
        trades
          .slice(0, 4)
          .toSorted((left, right) => right.exchangeTimeMs - left.exchangeTimeMs)
          .filter(({ exchangeTimeMs: at }) => at >= (from ?? 0) && at < (to ?? Infinity))
          .filter(({ exchangeTimeMs: at }) => after === null || at < after.exchangeTimeMs)
          .slice(0, limit),
      );
    return { market, load };
  }

  it.each([
    ['all', { from: 0, to: null }, null, 9, [6, 5, 3, 2, 4, 1]],
    ['a part, of which one is late', { from: 15, to: 30 }, null, 9, [2, 4]],
    ['up to the last moment, and not into it', { from: null, to: 40 }, null, 2, [3, 2]],
    ['behind one of two of the same moment', { from: 0, to: null }, [40, 6], 2, [5, 3]],
    ['behind one that is in the store alone', { from: 0, to: null }, [20, 2], 9, [4, 1]],
    ['behind what is later than the period', { from: 0, to: 20 }, [40, 5], 9, [4, 1]],
    ['behind its end', { from: 30, to: null }, [10, 1], 9, []],
    ['none', { from: 41, to: null }, null, 9, []],
  ] as const)('has %s', async (_, period, place, count, expected) => {
    const { market, load } = late();
    const after = place === null ? null : { exchangeTimeMs: place[0], sequence: place[1] };
    const rows = await readTimedTrades(market, { period, after, count }, load);
    expect(rows.map(({ sequence }) => sequence)).toEqual(expected);
  });
});

describe('reading candles', () => {
  /** Seconds 0 to 3 are stored; memory has 4 to 6, and 6 is still forming. */
  function market() {
    const before = new TestMarket();
    for (let second = 0; second <= 4; second += 1) before.trade(second * SECOND);
    const stored = before.market.chart.of('ONE_SECOND').between(0, 4 * SECOND);
    const desk = new TestMarket();
    for (let second = 4; second <= 6; second += 1) desk.trade(second * SECOND);
    const load = ({ fromMs, toMs, order, limit }: CandleRange) => {
      const rows = stored.filter(({ openTimeMs }) => openTimeMs >= fromMs && openTimeMs < toMs);
      return Promise.resolve((order === 'oldestFirst' ? rows : rows.reverse()).slice(0, limit));
    };
    return { state: desk.market, load };
  }
  const ask = { interval: 'ONE_SECOND', fromMs: null, toMs: null, afterMs: null } as const;
  const seconds = (candles: readonly Candle[]) =>
    candles.map(({ openTimeMs }) => openTimeMs / SECOND);

  it('has what a file has made whole, and not what it has added to the rest', async () => {
    const desk = new TestMarket();
    desk.trade(0);
    desk.lose('tradesLost');
    for (const atMs of [10, SECOND, 2 * SECOND]) desk.trade(atMs);
    const kept = desk.market.chart.of('ONE_SECOND').between(0, 2 * SECOND);
    expect(kept.map(({ loss }) => loss)).toEqual(['FEED_LOST', null]);
    const load = () =>
      Promise.resolve(
        kept.map((candle) => ({
          ...candle,
          tradeCount: 9,
          loss: null,
          source: 'IMPORTED' as const,
        })),
      );
    const bounds = { fromMs: 0, toMs: 2 * SECOND, count: 9 };
    const read = await readCandles(desk.market, { ...ask, ...bounds }, load);
    expect(read.map(({ tradeCount }) => tradeCount)).toEqual([9, 1]);
    const latest = await readCandles(desk.market, { ...ask, toMs: SECOND, count: 1 }, load);
    expect(latest.map(({ tradeCount }) => tradeCount)).toEqual([9]);
  });

  it('has the gap that an import has found before the oldest that is kept', async () => {
    const desk = new TestMarket();
    for (const atMs of [9 * SECOND, 10 * SECOND]) desk.trade(atMs);
    const gap = { fromMs: 3 * SECOND, reason: 'NOT_IMPORTED' } as const;
    const load = ({ fromMs, toMs }: CandleRange) =>
      Promise.resolve(
        desk.market.chart
          .of('ONE_SECOND')
          .between(fromMs, toMs)
          .slice(0, 1)
          .map((candle) => ({ ...candle, tradeCount: 0, gap })),
      );
    const bounds = { fromMs: 0, toMs: 99 * SECOND, count: 9 };
    const read = await readCandles(desk.market, { ...ask, ...bounds }, load);
    expect(read.map(({ gap: before, tradeCount }) => [before, tradeCount])).toEqual([
      [gap, 1],
      [null, 1],
    ]);
  });

  it('has what a file has put into the gap before the one that is forming', async () => {
    const desk = new TestMarket();
    for (let second = 0; second <= 3; second += 1) desk.trade(second * SECOND);
    const imported = desk.market.chart
      .of('ONE_SECOND')
      .between(0, 3 * SECOND)
      .map((candle) => ({ ...candle, source: 'IMPORTED' as const }));
    const history = { trades: [], candles: imported.slice(0, 1) };
    const state = new MarketState(desk.market.instrument, 'test', history);
    state.apply({ kind: 'trade', ...trade(3 * SECOND, '1 @ 100') }, 3 * SECOND);
    const load = ({ fromMs, toMs }: CandleRange) =>
      Promise.resolve(imported.filter(({ openTimeMs: at }) => at >= fromMs && at < toMs));
    const read = await readCandles(state, { ...ask, fromMs: 0, count: 9 }, load);
    expect(seconds(read)).toEqual([0, 1, 2, 3]);
  });

  it.each([
    ['no bounds: the latest, newest first', {}, 4, [6, 5, 4, 3]],
    ['all of them', {}, 99, [6, 5, 4, 3, 2, 1, 0]],
    ['the next page', { afterMs: 5 * SECOND }, 3, [4, 3, 2]],
    ['from: the oldest from there', { fromMs: 2 * SECOND }, 4, [2, 3, 4, 5]],
    ['from, the next page', { fromMs: 2 * SECOND, afterMs: 3 * SECOND }, 9, [4, 5, 6]],
    ['to: the latest before it', { toMs: 5 * SECOND }, 3, [4, 3, 2]],
    ['both: the oldest from `from`', { fromMs: SECOND, toMs: 6 * SECOND }, 3, [1, 2, 3]],
    ['both, in memory alone', { fromMs: 5 * SECOND, toMs: 6 * SECOND }, 9, [5]],
    ['from, after what is before it', { fromMs: 3 * SECOND, afterMs: 0 }, 2, [3, 4]],
    ['to, after what is not before it', { toMs: 3 * SECOND, afterMs: 6 * SECOND }, 9, [2, 1, 0]],
    ['from after to', { fromMs: 5 * SECOND, toMs: SECOND }, 9, []],
  ])('%s', async (_, bounds, count, expected) => {
    const { state, load } = market();
    expect(seconds(await readCandles(state, { ...ask, ...bounds, count }, load))).toEqual(expected);
  });
});
