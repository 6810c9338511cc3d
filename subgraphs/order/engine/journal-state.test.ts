import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AccountId, OrderId } from '#shared/domain/ids.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { cancelOrder } from '../domain/order-progress.ts';
import { anOpenOrder, NOW_MS } from '../domain/test-orders.ts';
import { JournalState } from './journal-state.ts';
import { MemoryJournalStore } from './test-journal.ts';

// What is looked up by an index is held against a look at all orders.

const someOrder = fc.record({
  id: fc.integer({ min: 0, max: 30 }),
  lifeMs: fc.option(fc.integer({ min: 0, max: 20 })),
  isClosed: fc.boolean(),
});

/** An order of the account and connection that its number says, which never change. */
function orderOf({
  id,
  lifeMs,
  isClosed,
}: typeof someOrder extends fc.Arbitrary<infer One> ? One : never) {
  const guardConnectionId = id % 2 === 0 ? null : `connection-${id % 5}`;
  const open = {
    ...anOpenOrder('BUY', '100', '1'),
    ...{ id: `order-${id}` as OrderId, accountId: `account-${id % 3}` as AccountId },
    ...{ expireAt: lifeMs === null ? null : NOW_MS + lifeMs, createdAt: NOW_MS - id },
    instructions: { ...NO_INSTRUCTIONS, guardConnectionId },
  };
  const order = isClosed ? cancelOrder(open, 'USER_REQUEST', NOW_MS).order : open;
  return { ...order, createdSequence: 1n };
}

it('finds the orders of an account, those a connection guards, and the next to expire', async () => {
  const record = await new MemoryJournalStore().load();
  fc.assert(
    fc.property(fc.array(someOrder, { maxLength: 150 }), (steps) => {
      const state = new JournalState(record, { now: () => NOW_MS });
      for (const [index, step] of steps.entries()) {
        state.keep(orderOf(step));
        if (index % 10 > 0) continue;
        const all = [...state.orders()];
        for (const account of [0, 1, 2].map((id) => `account-${id}` as AccountId))
          expect([...state.ordersOf(account)]).toEqual(
            all.filter(({ accountId }) => accountId === account),
          );
        for (const connection of [0, 1, 2, 3, 4].map((id) => `connection-${id}`))
          expect([...state.guardedOrders(connection)]).toEqual(
            all.filter(({ instructions }) => instructions.guardConnectionId === connection),
          );
      }
      const expired: RecordedOrder[] = [];
      const at = { now: NOW_MS + 10, steadyMs: NOW_MS };
      const due = [...state.orders()].filter(
        ({ expireAt }) => (expireAt ?? Infinity) <= NOW_MS + 10,
      );
      for (let id = state.nextExpired(at); id !== undefined; id = state.nextExpired(at)) {
        const order = state.liveOrder(id);
        expired.push(order);
        state.keep({ ...cancelOrder(order, 'USER_REQUEST', NOW_MS).order, createdSequence: 1n });
      }
      const byTime = due.toSorted(
        (left, right) =>
          (left.expireAt ?? 0) - (right.expireAt ?? 0) || left.createdAt - right.createdAt,
      );
      expect(expired.map(({ id }) => id)).toEqual(byTime.map(({ id }) => id));
    }),
    { numRuns: 200 },
  );
});
