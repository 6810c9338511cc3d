import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Price } from '#shared/domain/price.ts';
import { type ExitPlan, NO_LINK, type StopLeg } from '../domain/order-link.ts';
import { NOW_MS, price, quantity } from '../domain/test-orders.ts';
import { drawn, expectConsistent, MemoryJournalStore, startDesk, SYMBOL } from './test-journal.ts';
import { answerHolds, limitAt, placer } from './test-placement.ts';

// One cancels other, one triggers other, and both: on a desk whose store is in memory.

const leg = (triggerPrice: string, limitPrice: string): Omit<StopLeg, 'triggeredAt'> => ({
  triggerPrice: price(triggerPrice),
  source: 'LAST_PRICE',
  limitPrice: price(limitPrice),
});
const oco = (triggerPrice: string, limitPrice: string) => ({
  link: { ...NO_LINK, stop: { ...leg(triggerPrice, limitPrice), triggeredAt: null } },
});
const exits = (takeProfitPrice: Price | null, stop: ExitPlan['stop']) => ({
  link: { ...NO_LINK, exit: { takeProfitPrice, stop } },
});

function aDesk() {
  const store = new MemoryJournalStore();
  const desk = startDesk(store, { now: () => NOW_MS });
  const place = placer(desk, store);
  /** Lets the last price be this. */
  const trade = async (at: string, ordered = '0.001') => {
    await place('x', 'BUY', ordered, limitAt(at));
    await place('y', 'SELL', ordered, limitAt(at));
  };
  const book = () => drawn(desk.venue.book(SYMBOL));
  return { store, desk, place, trade, book };
}

describe('one cancels other', () => {
  it('rests with its first leg, and gives the rest to the second when the stop is met', async () => {
    const { store, place, trade, book } = aDesk();
    const { id } = await place('a', 'SELL', '2', limitAt('110'), oco('95', '90'));
    await place('b', 'BUY', '0.5', limitAt('110'));
    expect(book()).toEqual([`SELL 11000 150000+0 ${id}`]);
    await trade('95');
    expect(book()).toEqual([`SELL 9000 150000+0 ${id}`]);
    await place('b', 'BUY', '5', limitAt('110'));
    expect(store.orders.get(id)).toMatchObject({
      filledQuantity: quantity('2'),
      state: { status: 'FILLED' },
    });
    expectConsistent(store);
  });

  it('keeps its legs over a restart', async () => {
    const { store, place } = aDesk();
    const { id } = await place('a', 'SELL', '2', limitAt('110'), oco('95', '90'));
    const again = startDesk(store, { now: () => NOW_MS });
    const replace = placer(again, store);
    await replace('x', 'BUY', '0.001', limitAt('94'));
    await replace('y', 'SELL', '0.001', limitAt('94'));
    expect(drawn(again.venue.book(SYMBOL))).toEqual([`SELL 9000 200000+0 ${id}`]);
  });

  it.each([
    ['a BUY', 'BUY' as const, oco('95', '90'), 'INVALID_COMBINATION'],
    ['a stop above the limit', 'SELL' as const, oco('110', '109'), 'INVALID_COMBINATION'],
    ['a trigger off the tick', 'SELL' as const, oco('95.001', '95'), 'PRICE_OFF_TICK'],
    ['a limit far from its trigger', 'SELL' as const, oco('95', '10'), 'PRICE_OUTSIDE_COLLAR'],
  ])('is denied with %s', async (_name, side, link, reason) => {
    const { place } = aDesk();
    const { state } = await place('a', side, '1', limitAt('110'), link);
    expect(state).toMatchObject({ status: 'DENIED', violations: [{ reason }] });
  });
});

describe('one triggers other', () => {
  it('places nothing before the BUY has ended, then sells exactly what it bought', async () => {
    const { store, desk, place, book } = aDesk();
    const bracket = exits(price('110'), leg('95', '90'));
    const entry = await place('a', 'BUY', '2', limitAt('100'), bracket);
    await place('b', 'SELL', '0.7', limitAt('100'));
    expect(store.orders.size).toBe(2);
    await desk.engine.cancel(entry.id);
    await answerHolds(desk, store);
    const exit = [...store.orders.values()].find(({ link }) => link.parentOrderId === entry.id);
    expect(exit).toMatchObject({ side: 'SELL', quantity: quantity('0.7') });
    expect(book()).toEqual([`SELL 11000 70000+0 ${exit?.id}`]);
    expectConsistent(store);
  });

  it('places nothing for a BUY that bought nothing', async () => {
    const { store, desk, place } = aDesk();
    const { id } = await place('a', 'BUY', '2', limitAt('100'), exits(price('110'), null));
    await desk.engine.cancel(id);
    expect(store.orders.size).toBe(1);
  });

  it('places a stop that waits outside the book', async () => {
    const { store, desk, place, trade, book } = aDesk();
    await trade('100');
    await place('m', 'SELL', '1', limitAt('100'));
    await place('a', 'BUY', '1', limitAt('100'), exits(null, leg('95', '90')));
    await answerHolds(desk, store);
    expect(book()).toEqual([]);
    await trade('94');
    expect(book()).toHaveLength(1);
    expect(book()[0]).toContain('SELL 9000 100000+0');
  });

  it('never sells more than was bought, whatever is traded at whatever prices', async () => {
    const step = fc.record({
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      ticks: fc.integer({ min: 8800, max: 11_200 }),
      steps: fc.integer({ min: 1, max: 150_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const { store, desk, place } = aDesk();
        const bracket = exits(price('105'), leg('95', '90'));
        await place('a', 'BUY', '1', limitAt('100'), bracket);
        await place('a', 'BUY', '1', limitAt('99'), bracket);
        for (const { side, ticks, steps: count } of steps) {
          await place('b', side, (count / 100_000).toFixed(5), limitAt(`${ticks / 100}`));
          await answerHolds(desk, store);
          expect(store.positions.get('a')?.netQuantity ?? 0n).toBeGreaterThanOrEqual(0n);
        }
        expectConsistent(store);
      }),
      { numRuns: 60 },
    );
  });
});
