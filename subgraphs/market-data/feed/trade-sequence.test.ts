// Trades that a venue numbers, as they arrive: lost, twice or late. A candle has all of them, or says that it may not.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { INTERVAL_MS, openTimeOf } from '../domain/candles/candle.ts';
import type { FeedEvent } from '../domain/feed-event.ts';
import { levels, price, quantity, TestMarket } from '../test-market.ts';
import { TradeSequence } from './trade-sequence.ts';

const MINUTE = INTERVAL_MS.ONE_MINUTE;

type Trade = FeedEvent & { readonly kind: 'trade' };

const steps = fc.array(
  fc.record({
    gapMs: fc.integer({ min: 0, max: 3 * MINUTE }),
    price: fc.integer({ min: 90, max: 110 }),
    fault: fc.constantFrom('none', 'none', 'lost', 'twice', 'late'),
  }),
  { minLength: 1, maxLength: 30 },
);

it('the candles of numbered trades hold all of their interval, or say that some may be missing', () => {
  fc.assert(
    fc.property(steps, (faulty) => {
      const desk = new TestMarket();
      const sequence = new TradeSequence();
      const sent: Trade[] = [];
      let late: Trade[] = [];
      const hear = (trades: readonly Trade[]) => {
        for (const trade of trades)
          for (const event of sequence.follow(trade)) desk.markets.apply(event, desk.clock.now());
      };
      /** The book changes between trades: it closes the candles before the gap in the trades shows. */
      const passTo = (atMs: number) => {
        const changes = { bids: levels('1 @ 100'), asks: [] };
        const place = { symbol: desk.symbol, exchangeTimeMs: atMs };
        desk.markets.apply({ kind: 'bookUpdate', ...place, ...changes }, desk.clock.now());
      };
      // A loss shows with the next trade, so that the first and the last one arrive.
      const usual = { gapMs: 1, price: 100, fault: 'none' } as const;
      let atMs = 0;
      for (const step of [usual, ...faulty, usual]) {
        atMs += step.gapMs;
        const trade: Trade = {
          kind: 'trade',
          symbol: desk.symbol,
          tradeId: `${sent.length + 1}`,
          price: price(`${step.price}`),
          quantity: quantity('1'),
          aggressorSide: 'BUY',
          exchangeTimeMs: atMs,
        };
        sent.push(trade);
        passTo(atMs);
        if (step.fault !== 'late') hear(step.fault === 'lost' ? [] : [trade]);
        hear(step.fault === 'twice' ? [trade, ...late] : late);
        late = step.fault === 'late' ? [trade] : [];
      }
      const minutes = desk.market.chart.of('ONE_MINUTE').between(-Infinity, Infinity);
      for (const [index, candle] of minutes.entries()) {
        const before = minutes[index - 1];
        const own = sent.filter(
          ({ exchangeTimeMs }) => openTimeOf('ONE_MINUTE', exchangeTimeMs) === candle.openTimeMs,
        );
        if (candle.loss === null) expect(candle.tradeCount).toBe(own.length);
        if (before !== undefined && before.openTimeMs + MINUTE !== candle.openTimeMs)
          expect(candle.gap).toMatchObject({ fromMs: before.openTimeMs + MINUTE });
      }
    }),
    { numRuns: 200 },
  );
});
