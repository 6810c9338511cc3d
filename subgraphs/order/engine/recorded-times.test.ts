import { beforeEach, describe, expect, it } from 'vitest';
import type { OrderTrigger } from '../domain/order-trigger.ts';
import type { OrderTerms } from '../domain/order.ts';
import { NOW_MS, price, units } from '../domain/test-orders.ts';
import { MemoryJournalStore, startDesk, SYMBOL } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

// A clock that is set back, or is behind that of the owner before.

const MARKET: OrderTerms = { orderType: 'MARKET', timeInForce: 'IOC' };
const STOP: OrderTrigger = {
  ...({ kind: 'STOP', source: 'BID_ASK', timeInForce: 'GTC' } as const),
  ...{ triggerPrice: price('95'), trailing: null, triggeredAt: null },
};
const TRAILING: OrderTrigger = {
  ...STOP,
  ...{ kind: 'TRAILING_STOP', triggerPrice: price('0') },
  trailing: { type: 'PRICE', offset: units('1') },
};

describe('a desk whose clock is set back', () => {
  let now: number;
  let store: MemoryJournalStore;
  let desk: ReturnType<typeof startDesk>;
  let place: ReturnType<typeof placer>;
  let sequence = 0;
  const restart = () => {
    desk = startDesk(store, { now: () => now });
    place = placer(desk, store);
  };
  const tick = async (bid: string, ask: string) => {
    desk.house.hear({
      ...{ symbol: SYMBOL, sequence: `${(sequence += 1)}`, receivedAtMs: now },
      ...{ bids: [[bid, '10']], asks: [[ask, '10']], suspended: false },
      status: 'TRADING',
    });
    await desk.journal.run(() => undefined);
  };
  const triggerPriceOf = (id: string) => store.orders.get(id)?.trigger?.triggerPrice;

  beforeEach(() => {
    now = NOW_MS;
    store = new MemoryJournalStore();
    restart();
  });

  it.each([
    ['while it runs', () => undefined],
    ['when another process takes over', restart],
  ])('records nothing before what it has recorded: %s', async (_name, goOn) => {
    await place('a', 'BUY', '1', limitAt('100'));
    now -= 60_000;
    goOn();
    const order = await place('a', 'BUY', '1', limitAt('100'));
    await place('b', 'SELL', '1', limitAt('100'));
    expect(order.createdAt).toBe(NOW_MS);
    const times = store.events.flatMap(({ at, fill }) => [at, fill?.executedAt ?? at]);
    expect(new Set(times)).toEqual(new Set([NOW_MS]));
  });

  it('still knows a fresh quote from a stale one', async () => {
    await tick('99.99', '100.00');
    const stop = await place('a', 'SELL', '1', MARKET, { trigger: STOP });
    now -= 60_000;
    await tick('94', '94.01');
    expect(store.orders.get(stop.id)?.state.status).toBe('FILLED');
    const taken = await place('a', 'BUY', '1', MARKET);
    expect(taken.state.status).toBe('FILLED');
  });

  it('lets what expires, and its dead man’s switch, go by the clock', async () => {
    now += 60_000;
    const terms = { ...limitAt('90'), timeInForce: 'GTD' } as OrderTerms;
    await place('a', 'BUY', '1', limitAt('90'));
    now -= 60_000;
    const order = await place('b', 'BUY', '1', terms, { expireAt: now + 5000 });
    await desk.safety.cancelAllAfter(order.accountId, 10_000);
    now += 4999;
    await desk.journal.run(() => undefined);
    expect(store.orders.get(order.id)?.state.status).toBe('ACCEPTED');
    now += 1;
    await desk.journal.run(() => undefined);
    expect(store.orders.get(order.id)?.state.status).toBe('EXPIRED');
    const other = await place('b', 'BUY', '1', limitAt('90'));
    now += 5000;
    await desk.journal.run(() => undefined);
    expect(store.orders.get(other.id)?.state).toMatchObject({ cancelReason: 'CANCEL_ALL_AFTER' });
  });

  it('does not let its trailing stops rest for longer', async () => {
    await tick('99.99', '100.00');
    const ids: string[] = [];
    for (let count = 0; count < 101; count += 1)
      ids.push((await place('t', 'SELL', '0.01', MARKET, { trigger: TRAILING })).id);
    await tick('105.00', '105.01');
    now -= 60_000;
    await tick('105.00', '105.01');
    expect(ids.map(triggerPriceOf)).toEqual(ids.map(() => price('104')));
  });
});
