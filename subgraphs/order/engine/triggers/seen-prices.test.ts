import { beforeEach, describe, expect, it } from 'vitest';
import type { OrderId } from '#shared/domain/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { OrderChanges } from '../../domain/order-amend.ts';
import { money, price, quantity } from '../../domain/test-orders.ts';
import { isTriggerDue } from './settle-triggers.ts';
import { expectConsistent, INSTRUMENT, SYMBOL } from '../test-journal.ts';
import { limitAt } from '../test-placement.ts';
import { MARKET, trailingBy, triggerAt, WaitingWorld } from '../test-waiting.ts';
import { TriggerWatch } from './trigger-watch.ts';

// Which prices orders that wait get to see: each trade and each quote, whenever it comes.

describe('an order that waits', () => {
  let world: WaitingWorld;
  beforeEach(async () => {
    world = new WaitingWorld();
    await world.tick('99.99', '100.00');
  });

  it('is met by a trade through its price, though another one followed in the same turn', async () => {
    await world.place('b', 'BUY', '0.01', limitAt('100'));
    await world.place('c', 'SELL', '0.01', limitAt('100'));
    const stop = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '95', 'LAST_PRICE'));
    world.hear('90', '110');
    await world.place('b', 'BUY', '5', limitAt('94'));
    await world.place('d', 'SELL', '0.02', limitAt('99'));
    const seller = await world.place('c', 'SELL', '0.01', limitAt('110'));
    const buyer = await world.place('e', 'BUY', '0.02', limitAt('80'));
    const amend = (id: OrderId, changes: OrderChanges) =>
      world.desk.engine.amend(id, { amendId: 'm', expectedVersion: null, changes }, INSTRUMENT);
    await Promise.all([
      amend(seller.id, { limitPrice: price('94') }),
      amend(buyer.id, { limitPrice: price('99'), quantity: quantity('0.015') }),
    ]);
    expect(world.store.lastPrices.get(SYMBOL)?.price).toBe(price('94'));
    expect(world.statusOf(stop.id)).toBe('FILLED');
    expectConsistent(world.store);
  });

  it('sees the prices that come while a turn is on its way: stops stay met, trails follow the peak', async () => {
    const clock = { now: () => world.now };
    const logger = createLogger({ unit: 'test', level: 'silent' });
    const instruments = { get: () => INSTRUMENT };
    const watch = new TriggerWatch({
      ...world.desk,
      quotes: world.desk.house,
      instruments,
      clock,
      logger,
    });
    const trail = await world.place('a', 'SELL', '1', MARKET, trailingBy('2'));
    const stop = await world.place('b', 'BUY', '1', limitAt('105'), triggerAt('STOP', '105'));
    const commit = world.store.commit.bind(world.store);
    let seen = 0;
    world.store.commit = (changes) => {
      if ((seen += 1) === 1)
        for (const [bid, ask] of [
          ['104.9', '105'],
          ['101.5', '101.6'],
        ] as const) {
          world.hear(bid, ask);
          watch.look(SYMBOL);
        }
      return commit(changes);
    };
    world.hear('101', '101.1');
    watch.look(SYMBOL);
    await expect.poll(() => world.statusOf(trail.id)).toBe('FILLED');
    expect(world.triggerPriceOf(trail.id)).toBe(price('102.9'));
    expect(world.statusOf(stop.id)).toBe('FILLED');
  });

  it.each(['LAST_PRICE', 'BID_ASK', 'MID_POINT'] as const)(
    'stays met by a quote of %s though the turn was lost that set it off, and the price is back',
    async (source) => {
      const { id } = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '95', source));
      world.store.failsNext = true;
      await expect(world.tick('94', '94.01')).rejects.toThrow();
      await world.tick('99.99', '100.00');
      expect(world.statusOf(id)).toBe('FILLED');
      const next = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '95', source));
      world.store.failsNext = true;
      await expect(world.desk.engine.cancel(next.id)).rejects.toThrow();
      await world.turn();
      expect(world.statusOf(next.id)).toBe('ACCEPTED');
    },
  );

  it('is not met by a trade of a turn that was lost', async () => {
    await world.place('b', 'BUY', '0.01', limitAt('100'));
    await world.place('c', 'SELL', '0.01', limitAt('100'));
    const { id } = await world.place(
      'a',
      'SELL',
      '1',
      MARKET,
      triggerAt('STOP', '95', 'LAST_PRICE'),
    );
    world.hear('90', '110');
    const bid = await world.place('b', 'BUY', '0.01', limitAt('94'));
    const ask = await world.place('c', 'SELL', '0.01', limitAt('110'));
    world.store.failsNext = true;
    const command = { amendId: 'm', expectedVersion: null, changes: { limitPrice: price('94') } };
    await expect(world.desk.engine.amend(ask.id, command, INSTRUMENT)).rejects.toThrow();
    await world.turn();
    expect([bid.id, ask.id, id].map((one) => world.statusOf(one))).toEqual([
      'ACCEPTED',
      'ACCEPTED',
      'ACCEPTED',
    ]);
  });

  it('follows a peak also when it is changed before it has moved', async () => {
    for (let count = 0; count < 100; count += 1)
      await world.place('t', 'SELL', '0.01', MARKET, trailingBy('1'));
    const { id } = await world.place('a', 'SELL', '1', MARKET, trailingBy('1'));
    await world.tick('105.00', '105.01');
    await world.tick('104.50', '104.51');
    expect(world.triggerPriceOf(id)).toBe(price('98.99'));
    const changes = { quantity: quantity('0.9') };
    await world.desk.engine.amend(id, { amendId: 'm', expectedVersion: null, changes }, INSTRUMENT);
    world.now += 30;
    await world.tick('104.50', '104.51');
    expect(world.triggerPriceOf(id)).toBe(price('104'));
  });

  it('is met by a dip after a peak, though it had not followed that yet and the price is back', async () => {
    for (let count = 0; count < 100; count += 1)
      await world.place('t', 'SELL', '0.01', MARKET, trailingBy('2'));
    const { id } = await world.place('a', 'SELL', '1', MARKET, trailingBy('1'));
    const far = await world.place('a', 'SELL', '1', MARKET, trailingBy('1.51'));
    await world.tick('105.00', '105.01');
    await world.tick('103.50', '103.51');
    await world.tick('104.90', '104.91');
    expect(world.triggerPriceOf(id)).toBe(price('98.99'));
    world.now += 30;
    await world.tick('104.90', '104.91');
    expect([world.statusOf(id), world.triggerPriceOf(id)]).toEqual(['FILLED', price('104')]);
    expect([world.statusOf(far.id), world.triggerPriceOf(far.id)]).toEqual([
      'ACCEPTED',
      price('103.49'),
    ]);
    expectConsistent(world.store);
  });

  it.each([
    ['without a last trade, and', []],
    ['though the last trade is an old one, and', ['100']],
  ])('%s follows the market beyond it', async (_name, trades) => {
    for (const at of trades) {
      await world.place('x', 'BUY', '0.001', limitAt(at));
      await world.place('y', 'SELL', '0.001', limitAt(at));
    }
    const stop = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '95', 'LAST_PRICE'));
    const trail = await world.place(
      'b',
      'SELL',
      '1',
      MARKET,
      trailingBy('7', 'PRICE', 'LAST_PRICE'),
    );
    await world.tick('103.00', '103.00');
    expect(world.triggerPriceOf(trail.id)).toBe(price('96'));
    await world.tick('95.01', '95.02');
    expect([stop.id, trail.id].map((id) => world.statusOf(id))).toEqual(['ACCEPTED', 'FILLED']);
    await world.tick('94.98', '95.00');
    expect(world.statusOf(stop.id)).toBe('FILLED');
  });

  it.each(['LAST_PRICE', 'BID_ASK', 'MID_POINT'] as const)(
    'for %s is not met by a trade beyond the market, whoever made it',
    async (source) => {
      const { id } = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '95', source));
      world.hearBook([['99.99', '0.001']], [['100', '10']]);
      await world.place('x', 'BUY', '0.001', limitAt('60'));
      await world.place('y', 'SELL', '0.002', limitAt('60'));
      expect(world.store.lastPrices.get(SYMBOL)?.price).toBe(price('60'));
      expect(world.statusOf(id)).toBe('ACCEPTED');
      await world.tick('99.98', '100');
      expect(world.statusOf(id)).toBe('ACCEPTED');
    },
  );

  it('is not met by a trade while the market is stale, nor once it is back elsewhere', async () => {
    const stop = triggerAt('STOP', '95', 'LAST_PRICE');
    const { id } = await world.place('a', 'SELL', '1', MARKET, stop);
    world.now += 2001;
    await world.place('x', 'BUY', '0.001', limitAt('60'));
    await world.place('y', 'SELL', '0.001', limitAt('60'));
    expect(world.store.lastPrices.get(SYMBOL)?.price).toBe(price('60'));
    expect(world.statusOf(id)).toBe('ACCEPTED');
    await world.tick('99.98', '100');
    expect(world.statusOf(id)).toBe('ACCEPTED');
  });

  it('that a quote has met waits while the market is stale, and is set off once it is back', async () => {
    const { id } = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '95'));
    const { journal, house, instruments } = world.desk;
    world.hear('94.99', '95.00');
    const sources = { instruments, quotes: house };
    const { state } = journal;
    expect(state !== null && isTriggerDue(state, SYMBOL, sources, world.now)).toBe(true);
    world.now += 2001;
    await world.turn();
    expect(state !== null && isTriggerDue(state, SYMBOL, sources, world.now)).toBe(false);
    expect(world.statusOf(id)).toBe('ACCEPTED');
    await world.tick('96.00', '96.01');
    expect(world.store.orders.get(id)).toMatchObject({
      filledNotional: money('96'),
      state: { status: 'FILLED' },
    });
    expectConsistent(world.store);
  });
});
