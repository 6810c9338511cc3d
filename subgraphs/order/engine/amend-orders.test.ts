import { describe, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import { amendOrder, amendOrders } from '../domain/use-cases/amend-order.ts';
import { MESSAGE_RATE, MessageRate } from '../domain/rules/message-rate.ts';
import { NotOwnerError } from '../domain/ports/not-owner-error.ts';
import { UnavailableError } from '../domain/ports/unavailable-error.ts';
import { NOW_MS, price, quantity } from '../domain/test-orders.ts';
import { INSTRUMENT, MemoryJournalStore, startDesk } from './test-journal.ts';
import { answerAmends, limitAt, placer } from './test-placement.ts';

const EVERYTHING = { userId: null, mayTrade: () => true, mayRead: () => true };

/** A desk with three orders of an account, whose look-ups answer later the earlier they began. */
async function deskWithOrders({
  missing,
  mostEvents,
}: {
  /** What one of the look-ups fails with. */
  readonly missing?: UnavailableError;
  /** Of one turn. */
  readonly mostEvents?: number;
} = {}) {
  const store = new MemoryJournalStore();
  const desk = startDesk(store, { mostEvents });
  const place = placer(desk, store);
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1)
    ids.push((await place('a', 'BUY', '2', limitAt('100'))).id);
  store.storedTurns = [];
  const lookUp = async (id: string) => {
    for (let turns = ids.length - ids.indexOf(id); turns > 0; turns -= 1)
      await new Promise((later) => setImmediate(later));
    if (missing !== undefined && id === ids[1]) throw missing;
    return store.orders.get(id) ?? null;
  };
  const ports = {
    journal: desk.engine,
    orders: { byId: lookUp, byClientOrderId: () => Promise.resolve(null) },
    instruments: {
      get: () => INSTRUMENT,
      find: () => Promise.resolve(INSTRUMENT),
      hearStatus: () => undefined,
    },
    within: <Result>(_limitMs: number, work: Promise<Result>) => work,
    messageRate: new MessageRate(MESSAGE_RATE),
    clock: { now: () => NOW_MS },
  };
  const amends = ids.map((id) => ({
    ...{ accountId: 'a', order: { kind: 'id' as const, id }, amendId: 'less' },
    ...{ expectedVersion: null, changes: { quantity: quantity('1') } },
  }));
  return {
    ...{ desk, store, ids, ports },
    send: () => amendOrders(ports, EVERYTHING, { accountId: 'a', amends }),
  };
}

describe('a batch of amends', () => {
  it('is one turn of the journal, in the order given, however late each look-up answers', async () => {
    const { store, ids, send } = await deskWithOrders();
    const before = store.events.length;
    const answer = await send();
    expect(answer).toMatchObject({
      kind: 'answered',
      outcomes: ids.map((id) => ({ kind: 'amended', order: { id } })),
    });
    expect(store.storedTurns).toHaveLength(1);
    const events = store.events.slice(before).map(({ type, order: { id } }) => [type, id]);
    expect(events).toEqual(ids.map((id) => ['AMENDED', id]));
  });

  it('does nothing, and counts nothing, when one look-up does not answer', async () => {
    const { store, ports, send } = await deskWithOrders({
      missing: new UnavailableError('gone', null),
    });
    await expect(send()).rejects.toThrow('gone');
    expect(store.storedTurns).toEqual([]);
    const { remaining } = ports.messageRate.left(
      { accountId: 'a' as AccountId, userId: null },
      NOW_MS,
    );
    expect(remaining).toBe(MESSAGE_RATE.most);
  });

  it('says that nothing was done where the books are lost before, and no more where some of it was', async () => {
    const { store, send } = await deskWithOrders({ mostEvents: 1 });
    const commit = store.commit.bind(store);
    let left = 0;
    store.commit = (changes) =>
      (left -= 1) < 0 ? Promise.reject(new NotOwnerError()) : commit(changes);
    await expect(send()).rejects.toThrow(NotOwnerError);
    left = 2;
    const failed = await send().catch((cause: unknown) => cause);
    expect(failed).toBeInstanceOf(UnavailableError);
    expect(failed).not.toBeInstanceOf(NotOwnerError);
    left = 3;
    expect(await send()).toMatchObject({
      outcomes: [
        { kind: 'amended', replayed: true },
        { kind: 'amended', replayed: true },
        { kind: 'amended', replayed: false },
      ],
    });
  });
});

it('does not refuse an amend that the next owner of the books decides', async () => {
  const { desk, store, ids, ports } = await deskWithOrders();
  const [id = ''] = ids;
  const order = { kind: 'id', id } as const;
  const changes = { quantity: quantity('3') };
  const more = { accountId: 'a', order, amendId: 'more', expectedVersion: null, changes };
  const amending = amendOrder(ports, EVERYTHING, more);
  await expect.poll(() => store.orders.get(id)?.state.status).toBe('PENDING_UPDATE');
  desk.journal.resign();
  expect(await amending).toMatchObject({ kind: 'unknown', clientOrderId: id });
  const other = { ...more, amendId: 'other' };
  expect(await amendOrder(ports, EVERYTHING, other)).toMatchObject({ kind: 'notAmendable' });
  // Nor is it said that nothing was done while nobody has the books.
  const load = store.load.bind(store);
  store.load = () => Promise.reject(new NotOwnerError());
  desk.journal.resign();
  expect(await amendOrder(ports, EVERYTHING, more)).toMatchObject({ kind: 'unknown' });
  await expect(amendOrder(ports, EVERYTHING, other)).rejects.toThrow(NotOwnerError);
  store.load = load;
  const next = startDesk(store);
  await answerAmends(next, store);
  store.load = () => Promise.reject(new NotOwnerError());
  next.journal.resign();
  expect(await amendOrder(ports, EVERYTHING, more)).toMatchObject({
    ...{ kind: 'amended', replayed: true },
  });
  store.load = load;
  expect(await amendOrder({ ...ports, journal: next.engine }, EVERYTHING, more)).toMatchObject({
    ...{ kind: 'amended', replayed: true },
  });
});

it('says of an amend that is one too many how many it would make', async () => {
  const { ids, ports } = await deskWithOrders();
  const amend = (count: number) =>
    amendOrder(ports, EVERYTHING, {
      ...{ accountId: 'a', order: { kind: 'id', id: ids[0] ?? '' }, amendId: `n-${count}` },
      ...{ expectedVersion: null, changes: { limitPrice: price((100 - count / 100).toFixed(2)) } },
    });
  for (let count = 1; count <= 100; count += 1) expect((await amend(count)).kind).toBe('amended');
  expect(await amend(101)).toMatchObject({
    violations: [{ rule: 'maxAmendsPerOrder', limit: '100', actual: '101' }],
  });
});
