import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { OrderId } from '#shared/domain/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { OrderChanges } from '../domain/order-amend.ts';
import { NO_LINK } from '../domain/order-link.ts';
import type { OrderTrigger, TriggerKind, TriggerSource } from '../domain/order-trigger.ts';
import type { OrderTerms } from '../domain/order.ts';
import { NOW_MS, price, quantity, units } from '../domain/test-orders.ts';
import {
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';
import { TriggerWatch } from './trigger-watch.ts';

// Which prices orders that wait get to see: each trade and each quote, whenever it comes.

const MARKET: OrderTerms = { orderType: 'MARKET', timeInForce: 'IOC' };

function trigger(
  kind: TriggerKind,
  triggerPrice: string,
  source: TriggerSource = 'BID_ASK',
): { trigger: OrderTrigger } {
  return {
    trigger: {
      kind,
      source,
      timeInForce: 'GTC',
      triggerPrice: price(triggerPrice),
      trailing: null,
      triggeredAt: null,
    },
  };
}

const trailing = (offset: string, source: TriggerSource = 'BID_ASK') => ({
  trigger: {
    ...trigger('TRAILING_STOP', '0', source).trigger,
    trailing: { type: 'PRICE' as const, offset: units(offset) },
  },
});

describe('an order that waits', () => {
  let now: number;
  let store: MemoryJournalStore;
  let desk: ReturnType<typeof startDesk>;
  let place: ReturnType<typeof placer>;
  let sequence = 0;
  const hear = (bid: string, ask: string) => {
    desk.house.hear({
      symbol: SYMBOL,
      sequence: `${(sequence += 1)}`,
      bids: [[bid, '10']],
      asks: [[ask, '10']],
      receivedAtMs: now,
      suspended: false,
      status: 'TRADING',
    });
  };
  const tick = async (bid: string, ask: string) => {
    hear(bid, ask);
    await desk.journal.run(() => undefined);
  };
  const statusOf = (id: string) => store.orders.get(id)?.state.status;

  beforeEach(async () => {
    now = NOW_MS;
    store = new MemoryJournalStore();
    desk = startDesk(store, { now: () => now });
    place = placer(desk, store);
    await tick('99.99', '100.00');
  });

  it('is met by a trade through its price, though another one followed in the same turn', async () => {
    await place('b', 'BUY', '0.01', limitAt('100'));
    await place('c', 'SELL', '0.01', limitAt('100'));
    const stop = await place('a', 'SELL', '1', MARKET, trigger('STOP', '95', 'LAST_PRICE'));
    hear('90', '110');
    await place('b', 'BUY', '5', limitAt('94'));
    await place('d', 'SELL', '0.02', limitAt('99'));
    const seller = await place('c', 'SELL', '0.01', limitAt('110'));
    const buyer = await place('e', 'BUY', '0.02', limitAt('80'));
    const amend = (id: OrderId, changes: OrderChanges) =>
      desk.engine.amend(id, { amendId: 'm', expectedVersion: null, changes }, INSTRUMENT);
    await Promise.all([
      amend(seller.id, { limitPrice: price('94') }),
      amend(buyer.id, { limitPrice: price('99'), quantity: quantity('0.015') }),
    ]);
    expect(store.lastPrices.get(SYMBOL)?.price).toBe(price('94'));
    expect(statusOf(stop.id)).toBe('FILLED');
    expectConsistent(store);
  });

  it('sees the prices that come while a turn is on its way: stops stay met, trails follow the peak', async () => {
    const clock = { now: () => now };
    const logger = createLogger({ unit: 'test', level: 'silent' });
    const instruments = { get: () => INSTRUMENT };
    const watch = new TriggerWatch({ ...desk, quotes: desk.house, instruments, clock, logger });
    const trail = await place('a', 'SELL', '1', MARKET, trailing('2'));
    const stop = await place('b', 'BUY', '1', limitAt('105'), trigger('STOP', '105'));
    const commit = store.commit.bind(store);
    let seen = 0;
    store.commit = (changes) => {
      if ((seen += 1) === 1)
        for (const [bid, ask] of [
          ['104.9', '105'],
          ['101.5', '101.6'],
        ] as const) {
          hear(bid, ask);
          watch.look(SYMBOL);
        }
      return commit(changes);
    };
    hear('101', '101.1');
    watch.look(SYMBOL);
    await vi.waitFor(() => expect(statusOf(trail.id)).toBe('FILLED'));
    expect(store.orders.get(trail.id)?.trigger?.triggerPrice).toBe(price('102.9'));
    expect(statusOf(stop.id)).toBe('FILLED');
  });

  it('follows a peak also when it is changed before it has moved', async () => {
    for (let count = 0; count < 100; count += 1)
      await place('t', 'SELL', '0.01', MARKET, trailing('1'));
    const { id } = await place('a', 'SELL', '1', MARKET, trailing('1'));
    await tick('105.00', '105.01');
    await tick('104.50', '104.51');
    expect(store.orders.get(id)?.trigger?.triggerPrice).toBe(price('98.99'));
    const changes = { quantity: quantity('0.9') };
    await desk.engine.amend(id, { amendId: 'm', expectedVersion: null, changes }, INSTRUMENT);
    now += 30;
    await tick('104.50', '104.51');
    expect(store.orders.get(id)?.trigger?.triggerPrice).toBe(price('104'));
  });

  it.each([
    ['a stop', { trigger: trigger('STOP', '95', 'LAST_PRICE').trigger }],
    ['a trailing stop', { trigger: trailing('2', 'LAST_PRICE').trigger }],
    [
      'a stop leg',
      {
        link: {
          ...NO_LINK,
          stop: {
            triggerPrice: price('95'),
            limitPrice: price('94'),
            source: 'LAST_PRICE' as const,
            triggeredAt: null,
          },
        },
      },
    ],
  ])('denies %s that would watch the last trade where there was none', async (_name, more) => {
    const terms = 'link' in more ? limitAt('110') : MARKET;
    const denied = await place('a', 'SELL', '1', terms, more);
    expect(denied.state).toMatchObject({
      violations: [{ reason: 'MARKET_PRICE_UNAVAILABLE', rule: 'triggerSource' }],
    });
    await place('x', 'BUY', '0.001', limitAt('100'));
    await place('y', 'SELL', '0.001', limitAt('100'));
    expect((await place('a', 'SELL', '1', terms, more)).state.status).toBe('ACCEPTED');
  });
});
