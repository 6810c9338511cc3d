import { describe, expect, it } from 'vitest';
import type { OrderId } from '#shared/domain/ids.ts';
import { cancelOrders } from '../domain/use-cases/cancel-all-orders.ts';
import { cancelOrder } from '../domain/use-cases/cancel-order.ts';
import type { OrderTerms } from '../domain/order.ts';
import { NOW_MS } from '../domain/test-orders.ts';
import { TurnRefusedError } from '../domain/ports/turn-refused-error.ts';
import { cancelOrderAnswer } from '../resolvers/cancel-order-answer.ts';
import { AcceptWorld, ANNA, orderIdOf, RFQ } from './rfq/test-accepts.ts';
import { MemoryJournalStore, startDesk } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

const EVERYTHING = { userId: null, mayTrade: () => true, mayRead: () => true };

/** What canceling on a desk needs. */
const portsOf = (desk: ReturnType<typeof startDesk>, store: MemoryJournalStore) => ({
  journal: desk.engine,
  orders: {
    byId: (id: OrderId) => Promise.resolve(store.orders.get(id) ?? null),
    byClientOrderId: () => Promise.resolve(null),
  },
  within: <Result>(_limitMs: number, work: Promise<Result>) => work,
});

describe('the cancel of an order that is left out of the books', () => {
  it('does not say that it has ended, and stops no other cancel', async () => {
    let now = NOW_MS;
    const store = new MemoryJournalStore();
    const desk = startDesk(store, { now: () => now });
    const place = placer(desk, store);
    const gtd = { ...limitAt('60'), timeInForce: 'GTD' } as OrderTerms;
    const good = await place('a', 'BUY', '0.1', limitAt('50'));
    const bad = await place('a', 'BUY', '0.1', gtd, { expireAt: now + 1 });
    const commit = store.commit.bind(store);
    store.commit = (changes) =>
      changes.events.some(({ order }) => order.id === bad.id)
        ? Promise.reject(new TurnRefusedError(new Error('a check')))
        : commit(changes);
    now += 1;
    const orders = [bad, good].map(({ id }) => ({ kind: 'id', id }) as const);
    const command = { accountId: 'a', orders };
    const canceled = await cancelOrders(portsOf(desk, store), EVERYTHING, command);
    expect(canceled).toMatchObject({ outcomes: [{ kind: 'unknown' }, { kind: 'canceled' }] });
    expect(store.orders.get(bad.id)?.state.status).toBe('ACCEPTED');
  });
});

describe('the cancel of the order of an accept', () => {
  it('is refused, and does not say that it has ended', async () => {
    const world = new AcceptWorld();
    world.market();
    await world.quoted();
    expect(await world.accept()).toBe('pending');
    const order = { kind: 'id', id: orderIdOf(RFQ) } as const;
    const ports = portsOf(world.desk, world.store);
    const outcome = await cancelOrder(ports, EVERYTHING, { accountId: ANNA, order });
    expect(cancelOrderAnswer({ outcome, receivedAt: 0, answeredAt: 0 })).toMatchObject({
      __typename: 'OrderNotCancelable',
      message: 'The order cannot be canceled now: it is SUBMITTED.',
    });
  });
});
