import { expect, it } from 'vitest';
import type { AccountId, ClientOrderId, OrderId } from '#shared/domain/ids.ts';
import { MESSAGE_RATE, MessageRate } from '../domain/rules/message-rate.ts';
import { NotOwnerError } from '../domain/ports/not-owner-error.ts';
import { OneAtATime } from '../domain/one-at-a-time.ts';
import { placeOrder } from '../domain/use-cases/place-order.ts';
import { NOW_MS, quantity } from '../domain/test-orders.ts';
import { INSTRUMENT, MemoryJournalStore, startDesk, SYMBOL } from './test-journal.ts';
import { answerHolds, limitAt } from './test-placement.ts';

const ACCESS = { userId: null, mayTrade: () => true, mayRead: () => true };

it('does not say that nothing was done where an order is repeated while nobody has the books', async () => {
  const store = new MemoryJournalStore();
  const desk = startDesk(store);
  const id = 'o' as OrderId;
  const ids = { id, accountId: 'a' as AccountId, clientOrderId: 'mine' as ClientOrderId };
  const what = { symbol: SYMBOL, side: 'BUY', quantity: quantity('1') } as const;
  const order = { ...what, terms: limitAt('100') };
  await desk.engine.submit({ ...ids, ...order }, INSTRUMENT);
  const found = () => Promise.resolve(store.orders.get(id) ?? null);
  const nothing = () => Promise.resolve(null);
  const ports = {
    journal: desk.engine,
    orders: { byId: found, byClientOrderId: found },
    instruments: desk.instruments,
    twins: new OneAtATime(),
    messageRate: new MessageRate(MESSAGE_RATE),
    newOrderId: () => 'other' as OrderId,
    clock: { now: () => NOW_MS },
    within: <Result>(_limitMs: number, work: Promise<Result>) => work,
  };
  const repeated = { accountId: 'a', clientOrderId: 'mine', ...order };
  const load = store.load.bind(store);
  store.load = () => Promise.reject(new NotOwnerError());
  desk.journal.resign();
  expect(await placeOrder(ports, ACCESS, repeated)).toMatchObject({ kind: 'unknown' });
  const another = { ...ports, orders: { byId: nothing, byClientOrderId: nothing } };
  await expect(placeOrder(another, ACCESS, repeated)).rejects.toThrow(NotOwnerError);
  // A conflict does not wait for the decision, whose failure would end the process.
  store.load = () => Promise.reject(new Error('the store is away'));
  const larger = { ...repeated, quantity: quantity('2') };
  expect(await placeOrder(ports, ACCESS, larger)).toMatchObject({ kind: 'conflict' });
  await expect(desk.journal.start()).rejects.toThrow('did not respond');
  expect(await placeOrder(ports, ACCESS, repeated)).toMatchObject({ kind: 'unknown' });
  store.load = load;
  await answerHolds(desk, store);
  expect(await placeOrder(ports, ACCESS, repeated)).toMatchObject({
    ...{ kind: 'accepted', replayed: true },
    order: { id, state: { status: 'ACCEPTED' } },
  });
});
