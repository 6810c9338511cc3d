import { beforeEach, describe, expect, it } from 'vitest';
import type { OrderId } from '#shared/domain/ids.ts';
import type { OrderChanges } from '../domain/order-amend.ts';
import { NOW_MS, price, quantity } from '../domain/test-orders.ts';
import {
  drawn,
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from './test-journal.ts';
import { answerAmends, limitAt, placer } from './test-placement.ts';

describe('an order whose amend waits for a larger hold', () => {
  let store: MemoryJournalStore;
  let desk: ReturnType<typeof startDesk>;
  let place: ReturnType<typeof placer>;
  const ask = (id: OrderId, amendId: string, changes: OrderChanges) =>
    desk.engine.amend(id, { amendId, expectedVersion: null, changes }, INSTRUMENT);
  const book = () => drawn(desk.venue.book(SYMBOL));

  beforeEach(() => {
    store = new MemoryJournalStore();
    desk = startDesk(store);
    place = placer(desk, store);
  });

  it('can be reduced meanwhile at its place, and the amend that waits is too late then', async () => {
    const { id } = await place('a', 'BUY', '3', limitAt('100'));
    const other = await place('b', 'BUY', '1', limitAt('100'));
    const more = ask(id, 'more', { quantity: quantity('5'), limitPrice: price('101') });
    await place('c', 'SELL', '1', limitAt('100'));
    expect(await ask(id, 'less', { quantity: quantity('2') })).toMatchObject({
      kind: 'amended',
      order: { quantity: quantity('2'), state: { status: 'PENDING_UPDATE' } },
      amend: { priorityKept: true },
    });
    expect(await ask(id, 'less', { quantity: quantity('2') })).toMatchObject({ replayed: true });
    expectConsistent(store);
    expect(book()).toEqual([`BUY 10000 100000+0 ${id}`, `BUY 10000 100000+0 ${other.id}`]);
    await answerAmends(desk, store);
    expect(await more).toMatchObject({
      kind: 'denied',
      order: { quantity: quantity('2'), state: { status: 'PARTIALLY_FILLED' } },
      violations: [{ reason: 'TOO_LATE', rule: 'version' }],
    });
    expectConsistent(store);
    expect(book()).toHaveLength(2);
    // A batch of both that is repeated must not end with more.
    expect(await ask(id, 'more', { quantity: quantity('5') })).toMatchObject({
      kind: 'denied',
      order: { quantity: quantity('2'), state: { status: 'PARTIALLY_FILLED' } },
      violations: [{ reason: 'TOO_LATE', rule: 'version', limit: '1', actual: '2' }],
    });
    await place('c', 'SELL', '1', limitAt('100'));
    expect(store.orders.get(id)).toMatchObject({ state: { status: 'FILLED' } });
    expectConsistent(store);
  });

  it('can be reduced meanwhile to what has filled, and expire earlier, but not change otherwise', async () => {
    const expireAt = NOW_MS + 60_000;
    const terms = { ...limitAt('100'), timeInForce: 'GTD' } as const;
    const { id } = await place('a', 'BUY', '3', terms as never, { expireAt });
    const more = ask(id, 'more', { quantity: quantity('5') });
    await place('c', 'SELL', '1', limitAt('100'));
    expect(await ask(id, 'earlier', { expireAt: expireAt - 1 })).toMatchObject({ kind: 'amended' });
    for (const changes of [
      { quantity: quantity('4') },
      { limitPrice: price('99') },
      { quantity: quantity('1'), limitPrice: price('99') },
      { expireAt: expireAt + 1 },
    ])
      expect(await ask(id, 'other', changes)).toMatchObject({ kind: 'notAmendable' });
    expect(await ask(id, 'end', { quantity: quantity('1') })).toMatchObject({
      kind: 'amended',
      order: { state: { status: 'CANCELED', cancelReason: 'AMENDED_BELOW_FILLED' } },
    });
    expect(store.outbox).toContainEqual({
      releaseHold: { holdId: id, accountId: 'a', orderId: id },
    });
    const asked = store.events.find(({ type }) => type === 'AMEND_REQUESTED')?.order.state;
    if (asked?.status !== 'PENDING_UPDATE') throw new Error('nothing was asked for');
    desk.amends.decided(asked.pending.changeId, null);
    expect(await more).toBeNull();
    expectConsistent(store);
  });

  it('ends if the ledger no longer holds anything for it, which a store that was set back does not know', async () => {
    const { id } = await place('a', 'BUY', '1', limitAt('100'));
    const more = ask(id, 'more', { quantity: quantity('2') });
    await desk.journal.run(() => undefined);
    await answerAmends(desk, store, { kind: 'HOLD_VOID', free: null });
    expect(await more).toBeNull();
    expect(store.orders.get(id)).toMatchObject({
      state: { status: 'CANCELED', cancelReason: 'TECHNICAL' },
    });
    expect(book()).toEqual([]);
    expectConsistent(store);
  });
});
