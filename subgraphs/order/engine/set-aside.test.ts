import { beforeEach, describe, expect, it } from 'vitest';
import { type OrderId, parseOrderId, trusted } from '#shared/domain/ids.ts';
import { noFault } from '#shared/faults/fault-point.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import { NO_LINK } from '../domain/order-link.ts';
import { isArriving, type OrderTerms } from '../domain/order.ts';
import { NOW_MS, price, quantity } from '../domain/test-orders.ts';
import { TurnRefusedError } from '../domain/ports/turn-refused-error.ts';
import { HoldSaga } from './hold-saga.ts';
import { AcceptWorld, APPLIED } from './rfq/test-accepts.ts';
import { expectConsistent, INSTRUMENT, MemoryJournalStore, startDesk } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

// Whose fault it is that a turn cannot be stored, and what becomes of it.

const logger = createLogger({ unit: 'test', level: 'silent' });

describe('an order that cannot go on', () => {
  let now: number;
  let store: MemoryJournalStore;
  let desk: ReturnType<typeof startDesk>;
  let place: ReturnType<typeof placer>;
  let refusals: number;
  const restart = () => {
    desk = startDesk(store, { now: () => now });
    place = placer(desk, store);
  };
  const statusOf = (id: string) => store.orders.get(id)?.state.status;
  /** No turn with such an event is stored. */
  const refuse = (isRefused: (event: OrderEvent) => boolean) => {
    const commit = store.commit.bind(store);
    store.commit = (changes) => {
      if (!changes.events.some(isRefused)) return commit(changes);
      refusals += 1;
      return Promise.reject(new TurnRefusedError(new Error('a check')));
    };
  };
  /** Nothing that ends these accounts' orders is stored. */
  const refuseEnds = (...accounts: string[]) => {
    refuse(({ type, order }) => type !== 'SUBMITTED' && accounts.includes(order.accountId));
  };

  beforeEach(() => {
    now = NOW_MS;
    refusals = 0;
    store = new MemoryJournalStore();
    restart();
  });

  it('and cannot be ended either is left out of the books, and all others go on', async () => {
    const gtd = { ...limitAt('60'), timeInForce: 'GTD' } as OrderTerms;
    const expireAt = now + 1;
    const bad = await place('bad', 'BUY', '0.1', gtd, { expireAt });
    const good = await place('good', 'BUY', '0.1', gtd, { expireAt });
    now += 1;
    refuseEnds('bad');
    const { id } = await place('z', 'BUY', '0.1', limitAt('50'));
    expect([statusOf(bad.id), statusOf(good.id), statusOf(id)]).toEqual([
      'ACCEPTED',
      'EXPIRED',
      'ACCEPTED',
    ]);
    // From here on nobody stumbles over it.
    refusals = 0;
    await place('z', 'BUY', '0.1', limitAt('50'));
    expect(refusals).toBe(0);
    expect(desk.journal.state?.order(bad.id)).toBeUndefined();
    restart();
    await desk.journal.start();
    expect(desk.journal.state?.order(bad.id)).toBeUndefined();
    expect(refusals).toBeGreaterThan(0);
  });

  it('keeps its priority while it is out of the books: the next owner has it beside all others', async () => {
    await place('good', 'BUY', '0.1', limitAt('50'));
    const gtd = { ...limitAt('60'), timeInForce: 'GTD' } as OrderTerms;
    const bad = await place('bad', 'BUY', '0.1', gtd, { expireAt: now + 1 });
    now += 1;
    refuseEnds('bad');
    const next = await place('z', 'BUY', '0.1', limitAt('50'));
    expect(desk.journal.state?.order(bad.id)).toBeUndefined();
    restart();
    const later = await place('z', 'BUY', '0.1', limitAt('50'));
    expect([statusOf(next.id), statusOf(later.id)]).toEqual(['ACCEPTED', 'ACCEPTED']);
  });

  it('meets what has come to rest while it was out of the books', async () => {
    const gtd = { ...limitAt('60'), timeInForce: 'GTD' } as OrderTerms;
    const bad = await place('bad', 'BUY', '0.1', gtd, { expireAt: now + 1 });
    const commit = store.commit.bind(store);
    now += 1;
    refuse(({ order }) => order.id === bad.id);
    const crossing = [
      await place('z', 'SELL', '0.06', limitAt('59')),
      await place('bad', 'SELL', '0.02', limitAt('60')),
      await place('z', 'SELL', '0.06', limitAt('60')),
    ];
    expect(crossing.map(({ id }) => statusOf(id))).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
    [store.commit, now] = [commit, now - 1];
    restart();
    await desk.journal.start();
    await desk.journal.idle();
    // Each in its turn, by the rules of an order that arrives: one account does not trade with itself.
    expect([bad, ...crossing].map(({ id }) => statusOf(id))).toEqual([
      ...['FILLED', 'FILLED', 'CANCELED', 'PARTIALLY_FILLED'],
    ]);
    expectConsistent(store);
  });

  it('does not take the other side of its trade out of the books', async () => {
    const good = await place('good', 'SELL', '0.1', limitAt('100'));
    refuse(({ type, order }) => order.accountId === 'bad' && /FILL|CANCELED/.test(type));
    const bad = await place('bad', 'BUY', '0.1', limitAt('100'));
    await place('z', 'BUY', '0.1', limitAt('50'));
    expect([statusOf(good.id), statusOf(bad.id)]).toEqual(['CANCELED', 'ACCEPTED']);
  });

  it('is set aside when the answer to its hold cannot be stored: it would be brought forever', async () => {
    refuse(({ type }) => type === 'ACCEPTED');
    const { id } = await place('a', 'BUY', '0.1', limitAt('50'));
    expect(statusOf(id)).toBe('CANCELED');
  });

  it('continues with the next owner, beside another one on its way through the book', async () => {
    desk = startDesk(store, { now: () => now, mostEvents: 2 });
    place = placer(desk, store);
    for (let count = 0; count < 4; count += 1) await place('a', 'SELL', '0.1', limitAt('100'));
    const commit = store.commit.bind(store);
    store.commit = (changes) =>
      store.wasArriving > 0 ? Promise.reject(new Error('away')) : commit(changes);
    const first = await place('b', 'BUY', '0.3', limitAt('100'));
    store.commit = commit;
    // As if another one had arrived while it was out of the books.
    const id = trusted(parseOrderId, 'second');
    store.orders.set(id, { ...first, id, state: { ...first.state, priority: 99 } } as typeof first);
    restart();
    await desk.journal.start();
    expect([...store.orders.values()].filter(isArriving)).toEqual([]);
  });

  it('is not among those of which a cancel of all says that they are canceled', async () => {
    const good = await place('a', 'BUY', '0.1', limitAt('50'));
    const bad = await place('a', 'BUY', '0.1', limitAt('50'));
    refuse(({ type, order }) => type === 'CANCELED' && order.id === bad.id);
    const all = { accountId: good.accountId, symbol: null, side: null };
    const canceled = await desk.safety.cancelAll(all);
    expect(canceled.map(({ id }) => id)).toEqual([good.id]);
    expect([statusOf(good.id), statusOf(bad.id)]).toEqual(['CANCELED', 'ACCEPTED']);
  });
});

describe('a purchase that cannot go on', () => {
  const gtd = { ...limitAt('100'), timeInForce: 'GTD' } as OrderTerms;
  const link = { ...NO_LINK, exit: { takeProfitPrice: price('110'), stop: null } };

  /** One with an exit that has bought a part, and whose expiry is not stored. */
  async function stuckPurchase(isRefused: (event: OrderEvent) => boolean) {
    const store = new MemoryJournalStore();
    let now = NOW_MS;
    const desk = startDesk(store, { now: () => now });
    const place = placer(desk, store);
    await place('seller', 'SELL', '0.1', limitAt('100'));
    const { id } = await place('buyer', 'BUY', '0.3', gtd, { expireAt: now + 1, link });
    const commit = store.commit.bind(store);
    store.commit = (changes) => {
      if (!changes.events.some((event) => event.type === 'EXPIRED' || isRefused(event)))
        return commit(changes);
      return Promise.reject(new TurnRefusedError(new Error('a check')));
    };
    now += 1;
    const { state } = await place('other', 'BUY', '0.1', limitAt('50'));
    expect(state.status).toBe('ACCEPTED');
    const exits = [...store.orders.values()].filter((order) => order.link.parentOrderId === id);
    return { purchase: store.orders.get(id), exits };
  }

  it('is set aside, and what it bought has its exit', async () => {
    const { purchase, exits } = await stuckPurchase(() => false);
    expect(purchase?.state).toMatchObject({ status: 'CANCELED', cancelReason: 'TECHNICAL' });
    expect(exits).toMatchObject([
      { side: 'SELL', quantity: quantity('0.1'), state: { status: 'ACCEPTED' } },
    ]);
  });

  it('is set aside without its exit when that cannot be stored', async () => {
    const { purchase, exits } = await stuckPurchase(
      ({ order }) => order.link.parentOrderId !== null,
    );
    expect(purchase?.state).toMatchObject({ status: 'CANCELED', cancelReason: 'TECHNICAL' });
    expect(exits).toEqual([]);
  });
});

describe('a command that fails', () => {
  it('makes others go one by one only until it is known', async () => {
    const store = new MemoryJournalStore();
    const desk = startDesk(store);
    const place = placer(desk, store);
    const ids = await Promise.all(
      Array.from({ length: 50 }, async () => (await place('a', 'BUY', '1', limitAt('50'))).id),
    );
    const turns: number[] = [];
    const commit = store.commit.bind(store);
    store.commit = (changes) => {
      turns.push(changes.events.length);
      return commit(changes);
    };
    const cancel = (some: readonly OrderId[]) => some.map((id) => desk.engine.cancel(id));
    const fail = () =>
      expect(
        desk.journal.run((turn) => turn.state.liveOrder(trusted(parseOrderId, 'absent'))),
      ).rejects.toThrow();
    await Promise.all([
      ...cancel(ids.slice(0, 2)),
      fail(),
      ...cancel(ids.slice(2, 26)),
      fail(),
      ...cancel(ids.slice(26)),
    ]);
    expect(turns.filter((count) => count > 0)).toHaveLength(2 + 24 + 1);
    expect(turns.at(-1)).toBe(24);
  });
});

describe('an accept whose last look waits', () => {
  it('has nothing to do with a command that fails beside it, and is asked for again', async () => {
    const world = new AcceptWorld();
    const { journal, amends } = world.desk;
    const asked: (() => void)[] = [];
    const apply = async () => {
      await new Promise<void>((resolve) => asked.push(resolve));
      return [APPLIED];
    };
    const instruments = { get: () => INSTRUMENT, find: () => Promise.resolve(INSTRUMENT) };
    const saga = new HoldSaga({
      ...{ journal, amends, faults: noFault, logger, funds: { apply } },
      instruments: { ...instruments, hearStatus: () => undefined },
      settled: () => Promise.resolve(),
      pause: () => Promise.resolve(),
    });
    journal.listen(saga);
    world.market();
    await world.quoted();
    await world.accept();
    await expect.poll(() => asked.length).toBe(1);
    world.market(true);
    asked[0]?.();
    // Into the same turn, behind the answer.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    const failing = journal.run((turn) => turn.state.liveOrder(trusted(parseOrderId, 'absent')));
    await expect(failing).rejects.toThrow();
    expect(world.state()).toBe('ACCEPT_PENDING / SUBMITTED');
    await expect.poll(() => asked.length).toBe(2);
    world.market();
    asked[1]?.();
    await expect.poll(() => world.state()).toBe('FILLED / FILLED');
    await saga.stop();
  });
});
