import { describe, expect, it } from 'vitest';
import type { OrderId, UserId } from '#shared/domain/ids.ts';
import { NO_INSTRUCTIONS, type SelfTradePreventionMode } from '../domain/order-instructions.ts';
import type { OrderChanges } from '../domain/order-amend.ts';
import { NOW_MS, price, quantity } from '../domain/test-orders.ts';
import { INSTRUMENT, MemoryJournalStore, startDesk } from './test-journal.ts';
import { answerAmends, limitAt, placer } from './test-placement.ts';
import { MARKET, triggerAt } from './test-waiting.ts';

const [OLGA, MAX] = ['olga', 'max'] as [UserId, UserId];

/** A desk on which orders are placed by users: `place('a', OLGA, 'SELL', '1')`. */
function deskOfUsers() {
  const store = new MemoryJournalStore();
  const desk = startDesk(store);
  const place = placer(desk, store);
  let amends = 0;
  return {
    store,
    desk,
    placeAny: place,
    amend: async (id: OrderId, askedBy: UserId | null, changes: OrderChanges) => {
      const amendId = `amend-${(amends += 1)}`;
      const command = { amendId, expectedVersion: null, changes, askedBy };
      const amending = desk.engine.amend(id, command, INSTRUMENT);
      await desk.journal.run(() => undefined);
      await answerAmends(desk, store);
      await amending;
      return store.orders.get(id);
    },
    place: async (
      account: string,
      placedBy: UserId | null,
      side: 'BUY' | 'SELL',
      selfTradePrevention: SelfTradePreventionMode = 'CANCEL_TAKER',
    ) => {
      const instructions = { ...NO_INSTRUCTIONS, selfTradePrevention };
      return place(account, side, '1', limitAt('100'), { placedBy, instructions });
    },
    now: (id: string) => store.orders.get(id)?.state,
  };
}

describe('two orders that one user placed on different accounts', () => {
  it.each(['CANCEL_TAKER', 'CANCEL_MAKER', 'CANCEL_BOTH', 'DECREMENT'] as const)(
    'do not trade, and the incoming one gives way if its mode is %s',
    async (mode) => {
      const { store, place, now } = deskOfUsers();
      const resting = await place('a', OLGA, 'SELL');
      const incoming = await place('b', OLGA, 'BUY', mode);
      expect(incoming).toMatchObject({ filledQuantity: 0n, preventedQuantity: quantity('1') });
      expect(incoming.state).toMatchObject({
        ...{ status: 'CANCELED', cancelReason: 'SELF_TRADE_PREVENTION' },
      });
      expect(now(resting.id)).toMatchObject({ status: 'ACCEPTED' });
      expect(store.preventedMatches).toMatchObject([
        {
          ...{ accountId: 'b', takerOrderId: incoming.id, makerOrderId: resting.id },
          ...{ mode: 'CANCEL_TAKER', takerQuantity: quantity('1'), makerQuantity: 0n },
        },
      ]);
    },
  );

  it('trade with anyone else, also if it is not known who placed them', async () => {
    const { place, now } = deskOfUsers();
    const [hers, nobodys] = [await place('a', OLGA, 'SELL'), await place('c', null, 'SELL')];
    expect((await place('b', MAX, 'BUY')).state).toMatchObject({ status: 'FILLED' });
    expect(now(hers.id)).toMatchObject({ status: 'FILLED' });
    expect((await place('b', null, 'BUY')).state).toMatchObject({ status: 'FILLED' });
    expect(now(nobodys.id)).toMatchObject({ status: 'FILLED' });
  });
});

it('keeps two users of one account from trading with each other, by the mode of the incoming order', async () => {
  const { place, now } = deskOfUsers();
  const resting = await place('a', OLGA, 'SELL');
  const incoming = await place('a', MAX, 'BUY', 'CANCEL_MAKER');
  expect(incoming.state).toMatchObject({ status: 'ACCEPTED' });
  expect(now(resting.id)).toMatchObject({
    ...{ status: 'CANCELED', cancelReason: 'SELF_TRADE_PREVENTION' },
  });
});

describe('an order that another member of its account has changed', () => {
  it.each([
    ['at once', { limitPrice: price('100'), quantity: quantity('0.5') }],
    ['after the ledger has granted a larger hold', { limitPrice: price('100') }],
  ])('does not trade with the orders of that member: %s', async (_name, changes) => {
    const { store, place, placeAny, amend, now } = deskOfUsers();
    const ask = await place('his own', MAX, 'SELL');
    const bid = await placeAny('shared', 'BUY', '1', limitAt('99'), { placedBy: OLGA });
    const changed = await amend(bid.id, MAX, changes);
    expect(changed?.state).toMatchObject({ cancelReason: 'SELF_TRADE_PREVENTION' });
    expect(now(ask.id)).toMatchObject({ status: 'ACCEPTED' });
    expect(store.events.filter(({ fill }) => fill !== null)).toEqual([]);
  });

  it('does not meet them later either, once it rests or its trigger is met', async () => {
    const { place, placeAny, amend, desk } = deskOfUsers();
    const stop = await placeAny('shared', 'BUY', '1', MARKET, {
      placedBy: OLGA,
      ...triggerAt('STOP', '110'),
    });
    expect(stop.placedBy).toBe(OLGA);
    expect((await amend(stop.id, MAX, { triggerPrice: price('105') }))?.placedBy).toBe(MAX);
    const bid = await placeAny('shared', 'BUY', '1', limitAt('99'), { placedBy: OLGA });
    await amend(bid.id, MAX, { limitPrice: price('100') });
    expect((await place('his own', MAX, 'SELL')).state).toMatchObject({ status: 'CANCELED' });
    expect(desk.venue.book(bid.symbol).orderCount).toBe(1);
  });

  it('does not meet them if that member only lets it live longer, also after a restart', async () => {
    const { store, place, placeAny, amend } = deskOfUsers();
    const terms = { orderType: 'LIMIT', limitPrice: price('100'), timeInForce: 'GTD' } as const;
    const life = { placedBy: OLGA, expireAt: NOW_MS + 1000 };
    const bid = await placeAny('shared', 'BUY', '1', terms, life);
    expect((await amend(bid.id, MAX, { expireAt: NOW_MS + 500 }))?.placedBy).toBe(OLGA);
    const longer = await amend(bid.id, MAX, { expireAt: NOW_MS + 60_000 });
    expect(longer).toMatchObject({ placedBy: MAX });
    expect(longer?.amends.map(({ priorityKept }) => priorityKept)).toEqual([true, false]);
    expect((await place('his own', MAX, 'SELL')).state).toMatchObject({ status: 'CANCELED' });
    const again = startDesk(store);
    const replace = placer(again, store);
    const sold = await replace('his own', 'SELL', '1', limitAt('100'), { placedBy: MAX });
    expect(sold.state).toMatchObject({ status: 'CANCELED' });
    expect((await replace('other', 'SELL', '1', limitAt('100'))).state).toMatchObject({
      status: 'FILLED',
    });
  });

  it('stays the order of who placed it if it was only made smaller, or the caller is no user', async () => {
    const { placeAny, amend } = deskOfUsers();
    const bid = await placeAny('shared', 'BUY', '1', limitAt('99'), { placedBy: OLGA });
    expect((await amend(bid.id, MAX, { quantity: quantity('0.5') }))?.placedBy).toBe(OLGA);
    expect((await amend(bid.id, null, { limitPrice: price('98') }))?.placedBy).toBe(OLGA);
    expect((await amend(bid.id, MAX, { limitPrice: price('97') }))?.placedBy).toBe(MAX);
    expect((await amend(bid.id, OLGA, { quantity: quantity('0.6') }))?.placedBy).toBe(OLGA);
  });
});
