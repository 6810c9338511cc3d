import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { price, quantity, TestMarket, trade } from '../../test-market.ts';
import { INTERVAL_MS } from './candle.ts';
import { MarketState } from '../market-state.ts';
import { changeOf, changeRateOf, tickerAt } from './ticker.ts';
import { tickerView } from './ticker-view.ts';

const MINUTE = INTERVAL_MS.ONE_MINUTE;
const HOUR = INTERVAL_MS.ONE_HOUR;
const DAY = INTERVAL_MS.ONE_DAY;

describe('the ticker of 24 hours', () => {
  it('is nothing before the first trade', () => {
    const { market, clock } = new TestMarket();
    expect(market.ticker(clock.now())).toBeNull();
  });

  it('equals adding up the trades of its window, wherever that has moved to', () => {
    const steps = fc.array(
      fc.record({
        pauseMs: fc.integer({ min: 0, max: 3 * HOUR }),
        units: fc.integer({ min: 90, max: 110 }),
        amount: fc.integer({ min: 1, max: 5 }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (gaps) => {
        const desk = new TestMarket();
        let atMs = 0;
        const trades = gaps.map(({ pauseMs, units, amount }) => {
          atMs += pauseMs;
          desk.trade(atMs, `${amount} @ ${units}`);
          return { atMs, units, amount };
        });
        const ticker = desk.market.ticker(desk.clock.now());
        if (ticker === null) throw new Error('there is no ticker');
        const own = trades.filter((each) => each.atMs >= ticker.fromMs && each.atMs < ticker.toMs);
        const prices = own.map(({ units }) => units);
        expect(ticker.toMs - ticker.fromMs).toBe(DAY);
        expect(ticker.tradeCount).toBe(own.length);
        expect(ticker.volume).toBe(
          quantity(String(own.reduce((sum, { amount }) => sum + amount, 0))),
        );
        expect(ticker.high).toBeGreaterThanOrEqual(price(String(Math.max(...prices))));
        expect(ticker.last).toBe(price(String(prices.at(-1))));
        const paid = own.reduce((sum, { units, amount }) => sum + units * amount, 0);
        expect(ticker.quoteVolume).toBe(BigInt(paid) * 10n ** 18n);
      }),
      { numRuns: 10 },
    );
  });

  it('is that of the minutes as they are now, and is not calculated again while they are the same', () => {
    const desk = new TestMarket();
    const { market, clock } = desk;
    const minutes = () => market.chart.of('ONE_MINUTE').between(-Infinity, Infinity);
    const step = fc.oneof(
      fc.record({ trade: fc.integer({ min: -HOUR, max: HOUR }) }),
      fc.record({ pass: fc.integer({ min: 1, max: HOUR }) }),
      fc.record({ lose: fc.constantFrom('tradesLost' as const, 'bookLost' as const) }),
    );
    desk.trade(DAY);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        for (const todo of steps) {
          if ('trade' in todo) desk.trade(Math.max(DAY, clock.now() + todo.trade));
          else if ('pass' in todo) clock.pass(todo.pass);
          else desk.lose(todo.lose);
          const ticker = market.ticker(clock.now());
          expect(ticker).toEqual(ticker === null ? null : tickerAt(ticker.atMs, minutes()));
        }
      }),
      { numRuns: 20 },
    );
    const first = market.ticker(clock.now());
    const reads = vi.spyOn(market.chart.of('ONE_MINUTE'), 'between');
    expect(market.ticker(clock.now())).toEqual(first);
    expect(reads).not.toHaveBeenCalled();
  });

  it('tells the mean price by volume, and the change', () => {
    const desk = new TestMarket();
    desk.trade(0, '3 @ 100');
    desk.trade(MINUTE, '1 @ 80');
    const ticker = desk.market.ticker(desk.clock.now());
    if (ticker === null) throw new Error('there is no ticker');
    expect(ticker.average).toBe(price('95'));
    expect([changeOf(ticker), changeRateOf(ticker)]).toEqual([-20n * 10n ** 18n, -2n * 10n ** 17n]);
    expect(tickerView(desk.market, ticker)).toMatchObject({
      openPrice: '100.00',
      lastPrice: '80.00',
      averagePrice: '95.00',
      change: '-20.00',
      changeRate: '-0.2',
      complete: false,
    });
  });

  it.each(['volume', 'quoteVolume', 'tradeCount'] as const)(
    'is not complete with an imported candle without its %s, and its mean price is that of the others',
    (missing) => {
      const desk = new TestMarket();
      for (let hour = 0; hour <= 24; hour += 1) desk.trade(hour * HOUR, '1 @ 100');
      const minutes = desk.market.chart.of('ONE_MINUTE').between(-Infinity, Infinity);
      const whole = tickerAt(DAY, minutes);
      const imported = minutes.map((candle) =>
        candle.openTimeMs === HOUR
          ? { ...candle, [missing]: missing === 'tradeCount' ? 0 : 0n, source: 'IMPORTED' as const }
          : candle,
      );
      const ticker = tickerAt(DAY, imported);
      expect(whole).toMatchObject({ isComplete: true, average: price('100') });
      expect(ticker).toMatchObject({ isComplete: false, average: price('100') });
    },
  );

  it('moves on while nothing is traded', () => {
    const desk = new TestMarket();
    desk.trade(0, '1 @ 100');
    desk.clock.pass(DAY - 1);
    expect(desk.market.ticker(desk.clock.now())).toMatchObject({ tradeCount: 1, toMs: DAY });
    desk.clock.pass(MINUTE);
    expect(desk.market.ticker(desk.clock.now())?.tradeCount ?? 0).toBe(0);
  });

  it('is not set back by a trade that the venue publishes late', () => {
    const desk = new TestMarket();
    desk.trade(DAY, '1 @ 100');
    const before = desk.market.ticker(desk.clock.now());
    desk.trade(0, '1 @ 90');
    expect(desk.market.ticker(desk.clock.now())).toEqual({ ...before, atMs: DAY });
    desk.clock.pass(MINUTE);
    desk.trade(DAY + MINUTE, '1 @ 110');
    expect(desk.market.ticker(desk.clock.now())).toMatchObject({ toMs: DAY + 2 * MINUTE });
  });

  it('is complete when a whole day is known, and not when we were away in it, or some was lost', () => {
    const before = new TestMarket();
    for (let hour = 0; hour <= 26; hour += 1) before.trade(hour * HOUR);
    expect(before.market.ticker(before.clock.now())).toMatchObject({
      isComplete: true,
      tradeCount: 24,
    });
    const minutes = before.market.chart.of('ONE_MINUTE').between(-Infinity, Infinity);
    const trades = [trade(26 * HOUR, '1 @ 100', { receivedAtMs: before.clock.now() })];
    const history = { trades, candles: minutes };
    const after = new MarketState(before.market.instrument, 'test', history);
    expect(after.ticker(before.clock.now())).toMatchObject({
      isComplete: false,
      tradeCount: 24,
    });
    before.lose('tradesLost');
    before.trade(26 * HOUR + 1);
    expect(before.market.ticker(before.clock.now())).toMatchObject({ isComplete: false });
  });

  it('is not complete while it begins with the minute in which we began to listen', () => {
    const desk = new TestMarket('test', { isOpening: false });
    const isComplete = () => desk.market.ticker(desk.clock.now())?.isComplete;
    for (let hour = 0; hour < 24; hour += 1) desk.trade(hour * HOUR + 30_000);
    desk.trade(DAY - 1);
    expect(isComplete()).toBe(false);
    desk.trade(DAY);
    expect(isComplete()).toBe(true);
  });
});
