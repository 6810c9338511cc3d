import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC_USDT, trade } from '../../test-market.ts';
import { type Candle, INTERVAL_MS, openTimeOf } from './candle.ts';
import { candleView } from './candle-view.ts';
import { CandleSeries } from './candle-series.ts';

const MINUTE = INTERVAL_MS.ONE_MINUTE;
/** Of a market that begins with it. */
const minutes = () => {
  const series = new CandleSeries(BTC_USDT.symbol, 'ONE_MINUTE');
  series.open();
  return series;
};

/** `open high low close volume count` and whether it is closed. */
function short(candle: Candle): string {
  const { open, high, low, close, volume, tradeCount } = candleView(candle, BTC_USDT);
  const numbers = [open, high, low, close, volume].map(parseFloat);
  const revision = candle.revision === 1 ? '' : ` r${candle.revision}`;
  return `${numbers.join(' ')} n${tradeCount}${candle.closed ? ' closed' : ''}${revision}`;
}

describe('candles', () => {
  it('begin at UTC boundaries, a week on Monday', () => {
    const at = Date.UTC(2024, 7, 8, 23, 54, 13, 937);
    expect(new Date(openTimeOf('ONE_SECOND', at)).toISOString()).toBe('2024-08-08T23:54:13.000Z');
    expect(new Date(openTimeOf('FOUR_HOURS', at)).toISOString()).toBe('2024-08-08T20:00:00.000Z');
    expect(new Date(openTimeOf('ONE_DAY', at)).toISOString()).toBe('2024-08-08T00:00:00.000Z');
    expect(new Date(openTimeOf('ONE_WEEK', at)).toISOString()).toBe('2024-08-05T00:00:00.000Z');
  });

  it('grow with each trade and are closed once, by the first trade after them', () => {
    const series = minutes();
    expect(series.add(trade(0, '1 @ 100')).map(short)).toEqual(['100 100 100 100 1 n1']);
    expect(series.add(trade(1, '2 @ 103')).map(short)).toEqual(['100 103 100 103 3 n2']);
    expect(series.add(trade(MINUTE, '1 @ 101')).map(short)).toEqual([
      '100 103 100 103 3 n2 closed',
      '101 101 101 101 1 n1',
    ]);
    expect(series.advance(MINUTE)).toEqual([]);
  });

  it('are closed by the clock as well, and quiet intervals are empty at the last close', () => {
    const series = minutes();
    series.add(trade(0, '1 @ 100'));
    expect(series.advance(MINUTE - 1)).toEqual([]);
    expect(series.advance(3 * MINUTE).map(short)).toEqual([
      '100 100 100 100 1 n1 closed',
      '100 100 100 100 0 n0 closed',
      '100 100 100 100 0 n0 closed',
      '100 100 100 100 0 n0',
    ]);
    expect(series.add(trade(3 * MINUTE + 1, '1 @ 90')).map(short)).toEqual(['90 90 90 90 1 n1']);
  });

  it('know whether any are missing, and look at each for it once, however often they are read', () => {
    const series = new CandleSeries(BTC_USDT.symbol, 'ONE_MINUTE');
    expect(series.hasGaps()).toBe(true);
    series.open();
    expect(series.hasGaps()).toBe(false);
    series.add(trade(0, '1 @ 100'));
    series.interrupt('FEED_LOST');
    expect(series.hasGaps()).toBe(true);
    series.add(trade(1, '1 @ 100'));
    expect(series.hasGaps()).toBe(false);
    series.advance(MINUTE);
    expect(series.hasGaps()).toBe(true);
    let looks = 0;
    const whole = Object.defineProperty({ ...(series.newest() as Candle) }, 'gap', {
      get: () => (looks += 1) && null,
    });
    const restored = new CandleSeries(BTC_USDT.symbol, 'ONE_MINUTE', [whole]);
    restored.add(trade(MINUTE, '1 @ 100'));
    const before = looks;
    for (let read = 0; read < 10; read += 1) restored.hasGaps();
    expect(looks).toBeLessThanOrEqual(before + 1);
  });

  it('are found by their time, whatever part of them is asked for', () => {
    const series = minutes();
    for (let minute = 0; minute < 6; minute += 1) series.add(trade(minute * MINUTE, '1 @ 100'));
    const all = series.between(-Infinity, Infinity);
    expect(all).toHaveLength(6);
    const times = [-Infinity, -1, 0, 1, MINUTE, 3 * MINUTE + 1, 5 * MINUTE, 9 * MINUTE, Infinity];
    for (const from of times)
      for (const to of times)
        expect(series.between(from, to)).toEqual(
          all.filter(({ openTimeMs }) => openTimeMs >= from && openTimeMs < to),
        );
  });

  it('are absent if trades may be missing', () => {
    const series = minutes();
    series.add(trade(0, '1 @ 100'));
    series.interrupt('FEED_LOST');
    expect(series.add(trade(5 * MINUTE, '1 @ 90')).map(short)).toEqual([
      '100 100 100 100 1 n1 closed',
      '90 90 90 90 1 n1',
    ]);
    const [before, after] = series.between(0, Infinity);
    expect(before).toMatchObject({ loss: 'FEED_LOST', gap: null });
    expect(after).toMatchObject({
      loss: 'FEED_LOST',
      gap: { fromMs: MINUTE, reason: 'FEED_LOST' },
    });
    series.add(trade(6 * MINUTE, '1 @ 91'));
    expect(series.newest()).toMatchObject({ loss: null, gap: null });
  });

  it('say that trades may be missing in the one interval in which something was lost', () => {
    const series = minutes();
    series.add(trade(0, '1 @ 100'));
    series.interrupt('FEED_LOST');
    series.add(trade(10, '1 @ 90'));
    series.add(trade(MINUTE, '1 @ 91'));
    expect(series.between(0, Infinity).map(({ loss, gap }) => [loss, gap])).toEqual([
      ['FEED_LOST', null],
      [null, null],
    ]);
  });

  it.each([false, true])('tell a restart from a loss, the last candle closed: %s', (closed) => {
    const first = minutes();
    first.add(trade(0, '1 @ 100'));
    const restored = { ...(first.newest() as Candle), closed };
    const series = new CandleSeries(BTC_USDT.symbol, 'ONE_MINUTE', [restored]);
    series.add(trade(3 * MINUTE, '1 @ 90'));
    expect(series.newest()).toMatchObject({
      loss: 'RESTARTED',
      gap: { fromMs: MINUTE, reason: 'RESTARTED' },
    });
  });

  it('say that trades are missing in the first one of a market that was there before us, and no longer', () => {
    const series = new CandleSeries(BTC_USDT.symbol, 'ONE_MINUTE');
    series.add(trade(30_000, '1 @ 100'));
    series.add(trade(MINUTE, '1 @ 101'));
    expect(series.between(0, Infinity)).toMatchObject([
      { loss: 'RESTARTED', gap: null },
      { loss: null, gap: null },
    ]);
  });

  it('call a very long silence a gap as well', () => {
    const series = minutes();
    series.add(trade(0, '1 @ 100'));
    series.add(trade(1002 * MINUTE, '1 @ 90'));
    expect(series.newest()).toMatchObject({
      loss: null,
      gap: { fromMs: MINUTE, reason: 'SILENT' },
    });
  });

  it('may lack trades in each interval since the last one, though closed before a gap was noticed', () => {
    const series = minutes();
    series.add(trade(0, '1 @ 100'));
    series.add(trade(MINUTE + 1, '1 @ 101'));
    series.advance(4 * MINUTE);
    const changed = series.interrupt('FEED_LOST', MINUTE + 1);
    expect(changed.map(({ openTimeMs }) => openTimeMs / MINUTE)).toEqual([1, 2, 3]);
    expect(changed).toMatchObject(changed.map(() => ({ loss: 'FEED_LOST', revision: 2 })));
    series.add(trade(4 * MINUTE, '1 @ 102'));
    const losses = series.between(0, Infinity).map(({ loss }) => loss);
    expect(losses).toEqual([null, ...Array<string>(4).fill('FEED_LOST')]);
    expect(series.interrupt('FEED_LOST', 4 * MINUTE)).toEqual([]);
  });

  it('are quiet at the close before them, also when a late trade is that', () => {
    const series = minutes();
    series.add(trade(0, '1 @ 100'));
    series.advance(3 * MINUTE);
    expect(series.add(trade(MINUTE - 1, '1 @ 101')).map(short)).toEqual([
      '100 101 100 101 2 n2 closed r2',
      '101 101 101 101 0 n0 closed r2',
      '101 101 101 101 0 n0 closed r2',
      '101 101 101 101 0 n0',
    ]);
    expect(series.add(trade(2 * MINUTE, '1 @ 90')).map(short)).toEqual([
      '90 90 90 90 1 n1 closed r3',
      '90 90 90 90 0 n0',
    ]);
  });

  it('take a late trade as a new revision, where it belongs in time', () => {
    const series = minutes();
    series.add(trade(10, '1 @ 100'));
    series.add(trade(20, '1 @ 101'));
    series.add(trade(MINUTE, '1 @ 105'));
    expect(series.add(trade(5, '1 @ 99')).map(short)).toEqual(['99 101 99 101 3 n3 closed r2']);
    expect(series.add(trade(15, '1 @ 110')).map(short)).toEqual(['99 110 99 101 4 n4 closed r3']);
    expect(series.newest()?.tradeCount).toBe(1);
  });

  it('equal a naive computation for any trades in order, with nothing missing between', () => {
    const steps = fc.array(
      fc.record({
        gapMs: fc.integer({ min: 0, max: 3 * MINUTE }),
        price: fc.integer({ min: 90, max: 110 }),
        quantity: fc.integer({ min: 1, max: 5 }),
      }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (gaps) => {
        const series = minutes();
        let atMs = 0;
        const trades = gaps.map(({ gapMs, price, quantity }) =>
          trade((atMs += gapMs), `${quantity} @ ${price}`),
        );
        for (const each of trades) series.add(each);
        const candles = series.between(-Infinity, Infinity);
        candles.forEach((candle, index) => {
          const own = trades.filter(
            ({ exchangeTimeMs }) =>
              exchangeTimeMs >= candle.openTimeMs && exchangeTimeMs < candle.openTimeMs + MINUTE,
          );
          const prices = own.map(({ price }) => price);
          expect(candle.tradeCount).toBe(own.length);
          expect(candle.volume).toBe(own.reduce((sum, { quantity }) => sum + quantity, 0n));
          expect(candle.open).toBe(prices[0] ?? candles[index - 1]?.close);
          expect(candle.close).toBe(prices.at(-1) ?? candles[index - 1]?.close);
          expect(prices.every((price) => price >= candle.low && price <= candle.high)).toBe(true);
          expect(candle.openTimeMs).toBe((candles[0]?.openTimeMs ?? 0) + index * MINUTE);
        });
      }),
      { numRuns: 300 },
    );
  });
});
