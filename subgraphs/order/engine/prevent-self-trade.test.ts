import { describe, expect, it } from 'vitest';
import type { UserId } from '#shared/domain/ids.ts';
import { NO_INSTRUCTIONS, type SelfTradePreventionMode } from '../domain/order-instructions.ts';
import { NOW_MS, quantity } from '../domain/test-orders.ts';
import { MemoryJournalStore, startDesk } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

const [OLGA, MAX] = ['olga', 'max'] as [UserId, UserId];

/** A desk on which orders are placed by users: `place('a', OLGA, 'SELL', '1')`. */
function deskOfUsers() {
  const store = new MemoryJournalStore();
  const place = placer(startDesk(store, { now: () => NOW_MS }), store);
  return {
    store,
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
