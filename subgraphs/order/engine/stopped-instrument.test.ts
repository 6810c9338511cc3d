import { describe, expect, it } from 'vitest';
import { noFault } from '#shared/faults/fault-point.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { NO_LINK } from '../domain/order-link.ts';
import { price, quantity } from '../domain/test-orders.ts';
import { HoldSaga } from './hold-saga.ts';
import { drawn, expectConsistent, SYMBOL } from './test-journal.ts';
import { limitAt } from './test-placement.ts';
import { MARKET, triggerAt, WaitingWorld } from './test-waiting.ts';
import { TriggerWatch } from './trigger-watch.ts';

// What protects a position while the venue has stopped the instrument.

const logger = createLogger({ unit: 'test', level: 'silent' });

describe('a stop order', () => {
  it('that a quote met as the instrument stopped is set off once it trades again', async () => {
    const world = new WaitingWorld();
    const { desk } = world;
    const clock = { now: () => world.now };
    const watch = new TriggerWatch({ ...desk, quotes: desk.house, clock, logger });
    await world.tick('99.99', '100.00');
    const stop = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '95'));
    world.hear('94.99', '95.00');
    watch.look(SYMBOL);
    world.hearStatus('HALTED');
    world.hear('94.99', '95.00');
    watch.look(SYMBOL);
    await world.turn();
    expect(world.statusOf(stop.id)).toBe('ACCEPTED');
    world.hearStatus('TRADING');
    world.hear('96.00', '96.01');
    watch.look(SYMBOL);
    await expect.poll(() => world.statusOf(stop.id)).toBe('FILLED');
    expectConsistent(world.store);
  });
});

describe('the exit of a BUY that ends while the instrument is stopped', () => {
  /** A desk whose ledger grants everything, with a BUY of which half has filled. */
  async function aDesk() {
    const world = new WaitingWorld();
    const { desk, store } = world;
    const waiting: (() => void)[] = [];
    const saga = new HoldSaga({
      ...{ ...desk, quotes: desk.house, faults: noFault, logger },
      funds: { apply: async (asked) => asked.map(() => ({ kind: 'APPLIED', free: null })) },
      settled: () => Promise.resolve(),
      pause: () => new Promise((resolve) => void waiting.push(resolve)),
    });
    desk.journal.listen(saga);
    await world.tick('99.99', '100.01');
    const stop = { triggerPrice: price('95'), source: 'BID_ASK', limitPrice: price('90') } as const;
    const link = { ...NO_LINK, exit: { takeProfitPrice: price('110'), stop } };
    const entry = await world.place('a', 'BUY', '1', limitAt('100'), { link });
    await world.place('b', 'SELL', '0.4', limitAt('100'));
    world.hearStatus('HALTED');
    await desk.engine.cancel(entry.id);
    const exit = () =>
      [...store.orders.values()].find(({ link: one }) => one.parentOrderId !== null);
    await expect.poll(() => waiting.length).toBe(1);
    return { world, desk, store, exit, wake: () => waiting.splice(0).forEach((go) => go()) };
  }

  it('waits with its hold, and is placed once the instrument trades', async () => {
    const { world, desk, store, exit, wake } = await aDesk();
    wake();
    await world.turn();
    expect(exit()).toMatchObject({ quantity: quantity('0.4'), state: { status: 'SUBMITTED' } });
    expect(drawn(desk.venue.book(SYMBOL))).toEqual([]);
    world.hearStatus('TRADING');
    wake();
    await expect.poll(() => exit()?.state.status).toBe('ACCEPTED');
    await world.tick('94.99', '95.00');
    expect(exit()).toMatchObject({ state: { status: 'FILLED' } });
    expectConsistent(store);
  });

  it('can be canceled meanwhile', async () => {
    const { world, desk, store, exit, wake } = await aDesk();
    const { id } = exit() ?? expect.fail('there is no exit');
    await desk.engine.cancel(id);
    world.hearStatus('TRADING');
    wake();
    await world.turn();
    expect(exit()?.state).toMatchObject({ status: 'CANCELED', cancelReason: 'USER_REQUEST' });
    expect(store.outbox.at(-1)).toMatchObject({ releaseHold: { orderId: id } });
  });
});
