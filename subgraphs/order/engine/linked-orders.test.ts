import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderChanges } from '../domain/order-amend.ts';
import { anInstrument, money, price, quantity } from '../domain/test-orders.ts';
import { drawn, expectConsistent, INSTRUMENT, startDesk, SYMBOL } from './test-journal.ts';
import { aDesk, exits, leg, oco } from './test-linked.ts';
import { answerHolds, limitAt, placer } from './test-placement.ts';

// One cancels other, one triggers other, and both: on a desk whose store is in memory.

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

  it('is changed as any limit order once its stop leg has taken over, however far the market went', async () => {
    const { store, place, trade, hear, amend } = aDesk();
    const { id } = await place('a', 'SELL', '2', limitAt('110'), oco('95', '90'));
    await trade('95');
    hear('40.00', '40.10');
    expect(await amend(id, { quantity: quantity('1.5') })).toMatchObject({ kind: 'amended' });
    expect(await amend(id, { limitPrice: price('60') })).toMatchObject({ kind: 'amended' });
    expect(store.orders.get(id)).toMatchObject({
      quantity: quantity('1.5'),
      terms: { limitPrice: price('60') },
      state: { status: 'TRIGGERED' },
    });
    expectConsistent(store);
  });

  it('keeps its legs over a restart', async () => {
    const { store, place } = aDesk();
    const { id } = await place('a', 'SELL', '2', limitAt('110'), oco('95', '90'));
    const again = startDesk(store);
    again.hear('60.00', '140.00');
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
    expect('violations' in state && state.violations[0].reason).toBe(reason);
  });
});

describe('one triggers other', () => {
  it('places nothing before the BUY has ended, then sells exactly what it bought', async () => {
    const { store, desk, place, book, exitOf } = aDesk();
    const bracket = exits(price('110'), leg('95', '90'));
    const entry = await place('a', 'BUY', '2', limitAt('100'), bracket);
    await place('b', 'SELL', '0.7', limitAt('100'));
    expect(store.orders.size).toBe(2);
    await desk.engine.cancel(entry.id);
    await answerHolds(desk, store);
    const exit = exitOf(entry);
    expect(exit).toMatchObject({ side: 'SELL', quantity: quantity('0.7') });
    expect(book()).toEqual([`SELL 11000 70000+0 ${exit?.id}`]);
    expectConsistent(store);
  });

  it.each([
    ['all orders are canceled', 'ACTIVE', 'ACCEPTED'],
    ['the account is halted', 'HALTED', 'DENIED'],
  ] as const)(
    'follows if %s, where trading is %s, and is %s',
    async (_when, tradingState, status) => {
      const { store, desk, place, exitOf } = aDesk();
      const entry = await place('a', 'BUY', '2', limitAt('100'), exits(price('110'), null));
      await place('b', 'SELL', '0.7', limitAt('100'));
      const accountId = entry.accountId;
      if (tradingState === 'HALTED')
        await desk.safety.setTradingState({
          ...{ scope: { kind: 'account', accountId }, tradingState, reason: 'drill', actor: 'me' },
        });
      else await desk.safety.cancelAll({ accountId, symbol: null, side: null });
      await answerHolds(desk, store);
      expect(exitOf(entry)?.state.status).toBe(status);
      expectConsistent(store);
    },
  );

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

  it.each([
    ['both legs', exits(price('110'), leg('95', '90', 'BID_ASK'))],
    ['a stop alone', exits(null, leg('95', '90', 'BID_ASK'))],
  ])('sells at once by a stop that is met already, with %s', async (_name, plan) => {
    const { store, desk, place, hear, exitOf } = aDesk();
    hear('100.50', '100.60');
    const entry = await place('a', 'BUY', '1', limitAt('100'), plan);
    hear('94.50', '94.60');
    await place('b', 'SELL', '1', limitAt('95'));
    await answerHolds(desk, store);
    expect(exitOf(entry)).toMatchObject({
      filledQuantity: quantity('1'),
      filledNotional: money('94.5'),
      state: { status: 'FILLED' },
    });
    expectConsistent(store);
  });

  it('takes profit as far away as is asked for, and the exit can be moved there too', async () => {
    const { store, desk, place, hear, amend, exitOf, book } = aDesk();
    hear('99.00', '101.00');
    const entry = await place(
      'a',
      'BUY',
      '1',
      limitAt('100'),
      exits(price('160'), leg('95', '90')),
    );
    await place('b', 'SELL', '1', limitAt('100'));
    await answerHolds(desk, store);
    const exit = exitOf(entry);
    expect(book()).toEqual([`SELL 16000 100000+0 ${exit?.id}`]);
    const moved = exit && (await amend(exit.id, { limitPrice: price('170') }));
    expect(moved).toMatchObject({ kind: 'amended' });
    const slipped = exit && (await amend(exit.id, { limitPrice: price('10') }));
    expect(slipped).toMatchObject({
      violations: [{ reason: 'INVALID_COMBINATION' }, { reason: 'PRICE_OUTSIDE_COLLAR' }],
    });
  });

  it('can be moved though it is smaller than an order can be', async () => {
    const { desk, store, place, exitOf } = aDesk();
    const plan = exits(price('110'), leg('95', '90'));
    const entry = await place('a', 'BUY', '1', limitAt('100'), plan);
    await place('b', 'SELL', '0.1', limitAt('100'));
    await desk.engine.cancel(entry.id);
    await answerHolds(desk, store);
    const { id } = exitOf(entry) ?? expect.fail('there is no exit');
    const coarse = { ...INSTRUMENT, minQuantity: quantity('0.2'), minNotional: money('20') };
    const change = (amendId: string, changes: OrderChanges) =>
      desk.engine.amend(id, { amendId, expectedVersion: null, changes }, coarse);
    expect(await change('move', { limitPrice: price('105') })).toMatchObject({ kind: 'amended' });
    expect(await change('shrink', { quantity: quantity('0.05') })).toMatchObject({
      violations: [{ reason: 'QUANTITY_BELOW_MINIMUM' }, { reason: 'NOTIONAL_BELOW_MINIMUM' }],
    });
  });

  it.each([
    ['49.99', '50.00'],
    ['1000.01', '1000.00'],
  ])('is denied at the entry with a take-profit at %s that is a slip', async (at, nearestValid) => {
    const { place } = aDesk();
    const { state } = await place('a', 'BUY', '1', limitAt('100'), exits(price(at), null));
    expect(state).toMatchObject({
      violations: [{ reason: 'PRICE_OUTSIDE_COLLAR', nearestValid }],
    });
  });

  it('places one leg where the other cannot be placed, and what is too small for an order', async () => {
    const { desk, place, exitOf } = aDesk();
    const bracket = exits(price('110.01'), leg('95', '90'));
    const entry = await place('a', 'BUY', '2', limitAt('100'), bracket);
    await place('b', 'SELL', '0.00001', limitAt('100'));
    // The instrument has another tick by the time the entry ends.
    const instrument = anInstrument({ tickSize: price('0.5') });
    desk.instruments.get = () => instrument;
    await desk.engine.cancel(entry.id);
    expect(exitOf(entry)).toMatchObject({
      quantity: quantity('0.00001'),
      terms: { limitPrice: price('90') },
      trigger: { triggerPrice: price('95') },
      state: { status: 'SUBMITTED' },
    });
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
