import { describe, expect, it } from 'vitest';
import type { OrderTerms } from '../domain/order.ts';
import { differingFields } from '../domain/order-body.ts';
import { price, quantity } from '../domain/test-orders.ts';
import { amendOfJson, amendToJson } from '../store/amend-json.ts';
import { expectConsistent, INSTRUMENT } from './test-journal.ts';
import { aDesk, exits, leg, oco } from './test-linked.ts';
import { answerAmends, answerHolds, limitAt } from './test-placement.ts';

// Linked orders that are changed or canceled while something else happens to them.

describe('one cancels other', () => {
  it('keeps its stop if that takes over while a change of its limit waits for funds', async () => {
    const { store, desk, place, trade, amend } = aDesk();
    const { id } = await place('a', 'SELL', '2', limitAt('110'), oco('95', '90'));
    const changes = { quantity: quantity('3'), limitPrice: price('112') };
    const amending = amend(id, changes);
    await trade('95');
    await answerAmends(desk, store);
    const denied = { reason: 'TOO_LATE', rule: 'version', limit: '1', actual: '2' };
    expect(await amending).toMatchObject({ kind: 'denied', violations: [denied] });
    expect(store.events.at(-1)).toMatchObject({
      type: 'AMEND_REJECTED',
      refusedAmend: { amendId: 'amend-1', denial: denied },
    });
    expect(store.orders.get(id)).toMatchObject({
      quantity: quantity('2'),
      terms: { limitPrice: price('90') },
      state: { status: 'TRIGGERED' },
    });
    // Nor is it meant for the stop if it is repeated, whoever has the books by then.
    const { amends = [] } = store.orders.get(id) ?? {};
    expect(amends.map((one) => amendOfJson(amendToJson(one)))).toEqual(amends);
    const again = { amendId: 'amend-1', expectedVersion: null, changes };
    expect(await desk.engine.amend(id, again, INSTRUMENT)).toMatchObject({ violations: [denied] });
    expectConsistent(store);
  });
});

describe('the stop beside a limit', () => {
  it('is moved where it waits, with its place in the book, and takes over there', async () => {
    const { store, place, trade, amend, book } = aDesk();
    const { id } = await place('a', 'SELL', '2', limitAt('110'), oco('95', '90'));
    const behind = await place('b', 'SELL', '1', limitAt('110'));
    const asked = store.orders.get(id);
    const moved = { triggerPrice: price('98'), stopLimitPrice: price('97') };
    expect(await amend(id, moved)).toMatchObject({
      kind: 'amended',
      amend: {
        priorityKept: true,
        before: { triggerPrice: price('95'), stopLimitPrice: price('90') },
        after: moved,
      },
    });
    expect(book()).toEqual([`SELL 11000 200000+0 ${id}`, `SELL 11000 100000+0 ${behind.id}`]);
    const now = store.orders.get(id);
    expect(asked && now && differingFields(asked, now)).toEqual([]);
    expect(now?.amends.map((one) => amendOfJson(amendToJson(one)))).toEqual(now?.amends);
    await trade('98');
    expect(book()[0]).toBe(`SELL 9700 200000+0 ${id}`);
    expect(await amend(id, moved)).toMatchObject({
      violations: [{ reason: 'INVALID_COMBINATION', rule: 'triggerPrice' }],
    });
    expectConsistent(store);
  });

  it.each([
    ['at or above the limit', { triggerPrice: '110' }, 'INVALID_COMBINATION'],
    ['to where it is met', { triggerPrice: '100' }, 'TRIGGER_ALREADY_MET'],
    ['off the tick', { triggerPrice: '95.001' }, 'PRICE_OFF_TICK'],
    ['with a limit far from it', { stopLimitPrice: '10' }, 'PRICE_OUTSIDE_COLLAR'],
  ])('is not moved %s', async (_where, asked, reason) => {
    const { place, amend, store } = aDesk();
    const { id } = await place('a', 'SELL', '2', limitAt('110'), oco('95', '90'));
    const changes = Object.fromEntries(
      Object.entries(asked).map(([name, text]) => [name, price(text)]),
    );
    const amended = await amend(id, changes);
    expect(amended?.kind === 'denied' && amended.violations[0].reason).toBe(reason);
    expect(store.orders.get(id)?.link.stop).toMatchObject({ triggerPrice: price('95') });
  });

  it('is what an order without one cannot change', async () => {
    const { place, amend } = aDesk();
    const { id } = await place('a', 'SELL', '2', limitAt('110'));
    expect(await amend(id, { stopLimitPrice: price('97') })).toMatchObject({
      violations: [{ reason: 'INVALID_COMBINATION', rule: 'stopLimitPrice' }],
    });
  });
});

describe('one triggers other', () => {
  it('is denied with a stop that is not below where the BUY enters, also by a change', async () => {
    const { place, amend, hear } = aDesk();
    const at = (triggerPrice: string) => exits(null, leg(triggerPrice, '90'));
    const denied = { violations: [{ reason: 'INVALID_COMBINATION', rule: 'stopPrice' }] };
    expect((await place('a', 'BUY', '1', limitAt('100'), at('100'))).state).toMatchObject(denied);
    const market: OrderTerms = { orderType: 'MARKET', timeInForce: 'IOC' };
    // Between a bid of 60 and an ask of 140.
    expect((await place('a', 'BUY', '1', market, at('100'))).state).toMatchObject(denied);
    const { id, state } = await place('a', 'BUY', '1', limitAt('100'), at('99.99'));
    expect(state).toMatchObject({ status: 'ACCEPTED' });
    expect(await amend(id, { limitPrice: price('99') })).toMatchObject(denied);
    expect(await amend(id, { quantity: quantity('0.5') })).toMatchObject({ kind: 'amended' });
    hear('90.00', '92.00');
    const { state: marketable } = await place('a', 'BUY', '1', limitAt('100'), at('92'));
    expect(marketable).toMatchObject(denied);
  });

  it.each([0, 1, -3_600_000])(
    'has its exit canceled by the next cancelAll, which comes %i ms later by the clock',
    async (ms) => {
      const { desk, place, exitOf, pass } = aDesk();
      const entry = await place('a', 'BUY', '2', limitAt('100'), exits(price('110'), null));
      await place('b', 'SELL', '0.7', limitAt('100'));
      const all = { accountId: entry.accountId, symbol: null, side: null };
      await desk.safety.cancelAll(all);
      // While its instrument is halted, for example.
      expect(exitOf(entry)?.state.status).toBe('SUBMITTED');
      pass(ms);
      await desk.safety.cancelAll(all);
      expect(exitOf(entry)?.state.status).toBe('CANCELED');
    },
  );

  it.each(['cancelAll', 'dead man'])(
    'protects what was bought by a BUY that %s ends in the first of several turns',
    async (what) => {
      const { store, desk, place, exitOf, pass } = aDesk(2);
      const entry = await place('a', 'BUY', '2', limitAt('100'), exits(price('110'), null));
      await place('b', 'SELL', '0.7', limitAt('100'));
      for (const at of ['90', '91', '92', '93']) await place('a', 'BUY', '1', limitAt(at));
      const { accountId } = entry;
      if (what === 'cancelAll')
        await desk.safety.cancelAll({ accountId, symbol: null, side: null });
      else await desk.safety.cancelAllAfter(accountId, 1000);
      pass(1000);
      for (let turn = 0; turn < 5; turn += 1) await desk.journal.run(() => undefined);
      const open = [...store.orders.values()].filter(({ state }) => state.status === 'ACCEPTED');
      expect(open).toEqual([]);
      await answerHolds(desk, store);
      expect(exitOf(entry)).toMatchObject({
        quantity: quantity('0.7'),
        state: { status: 'ACCEPTED' },
      });
      await desk.safety.cancelAll({ accountId, symbol: null, side: null });
      expect(exitOf(entry)?.state.status).toBe('CANCELED');
      expectConsistent(store);
    },
  );
});
