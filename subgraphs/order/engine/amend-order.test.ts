import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, OrderId } from '#shared/domain/ids.ts';
import type { FundsOutcome } from '../domain/ports/funds.ts';
import { differingFields } from '../domain/order-body.ts';
import type { OrderChanges } from '../domain/order-amend.ts';
import { money, NOW_MS, price, quantity } from '../domain/test-orders.ts';
import {
  drawn,
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from './test-journal.ts';
import { answerAmends, limitAt, placer } from './test-placement.ts';

// Changes of orders on a desk whose store is in memory; the book is drawn after each.

describe('an amend', () => {
  let store: MemoryJournalStore;
  let desk: ReturnType<typeof startDesk>;
  let place: ReturnType<typeof placer>;
  let ids = 0;
  const amend = async (
    id: OrderId,
    changes: OrderChanges,
    {
      amendId = `amend-${(ids += 1)}`,
      expectedVersion = null,
      answer = { kind: 'APPLIED', free: null },
    }: { amendId?: string; expectedVersion?: number | null; answer?: FundsOutcome } = {},
  ) => {
    const command = { amendId, expectedVersion, changes };
    const amending = desk.engine.amend(id, command, INSTRUMENT);
    // The amend's own turn is stored before the next one begins.
    await desk.journal.run(() => undefined);
    await answerAmends(desk, store, answer);
    const amended = await amending;
    expectConsistent(store);
    return amended;
  };
  const book = () => drawn(desk.venue.book(SYMBOL));
  /** What happened to an order, with the status where that is a pending one. */
  const told = (id: OrderId) =>
    store.events
      .filter(({ order }) => order.id === id)
      .map(({ type, order: { state } }) =>
        state.status === 'PENDING_UPDATE' ? `${type} ${state.status}` : type,
      );

  beforeEach(() => {
    store = new MemoryJournalStore();
    desk = startDesk(store);
    place = placer(desk, store);
  });

  it('keeps its place when only the quantity falls', async () => {
    const first = await place('a', 'BUY', '3', limitAt('100'));
    const second = await place('b', 'BUY', '2', limitAt('100'));
    expect(await amend(first.id, { quantity: quantity('1') })).toMatchObject({
      kind: 'amended',
      amend: { priorityKept: true },
      order: { quantity: quantity('1') },
    });
    expect(book()).toEqual([`BUY 10000 100000+0 ${first.id}`, `BUY 10000 200000+0 ${second.id}`]);
  });

  it('goes to the back with another price, and trades there if it can', async () => {
    const ask = await place('m', 'SELL', '1', limitAt('101'));
    const first = await place('a', 'BUY', '2', limitAt('100'));
    const second = await place('b', 'BUY', '2', limitAt('99'));
    await amend(first.id, { limitPrice: price('99') });
    expect(book().slice(0, 2)).toEqual([
      `BUY 9900 200000+0 ${second.id}`,
      `BUY 9900 200000+0 ${first.id}`,
    ]);
    // Half the quantity at a higher price needs no more than is held.
    const up = { quantity: quantity('1.5'), limitPrice: price('101') };
    expect(await amend(first.id, up)).toMatchObject({
      kind: 'amended',
      amend: { priorityKept: false },
      order: { state: { status: 'PARTIALLY_FILLED' }, filledQuantity: quantity('1') },
    });
    expect(store.orders.get(ask.id)?.state.status).toBe('FILLED');
    expect(book()[0]).toBe(`BUY 10100 50000+0 ${first.id}`);
  });

  it('holds what it needs more before the book sees it, and gives back what it needs less', async () => {
    const { id } = await place('a', 'BUY', '1', limitAt('100'));
    expect(await amend(id, { quantity: quantity('2'), limitPrice: price('101') })).toMatchObject({
      kind: 'amended',
      amend: { priorityKept: false },
      order: { hold: { placed: money('202.202'), remaining: money('202.202') } },
    });
    expect(book()).toEqual([`BUY 10100 200000+0 ${id}`]);
    await amend(id, { quantity: quantity('0.5') });
    expect(store.orders.get(id)?.hold?.remaining).toBe(money('50.5505'));
    expect(told(id)).toEqual([
      'SUBMITTED',
      'ACCEPTED',
      'AMEND_REQUESTED PENDING_UPDATE',
      'AMENDED',
      'AMENDED',
    ]);
  });

  it('stays as it was where the ledger refuses, and says how far it could go', async () => {
    const { id } = await place('a', 'BUY', '1', limitAt('100'));
    const answer = { kind: 'INSUFFICIENT_FUNDS', free: money('50.05') } as const;
    expect(await amend(id, { quantity: quantity('2') }, { answer })).toMatchObject({
      kind: 'denied',
      order: { quantity: quantity('1'), state: { status: 'ACCEPTED' } },
      violations: [
        {
          reason: 'NOTIONAL_EXCEEDS_FREE_BALANCE',
          limit: '50.05000000',
          actual: '100.10000000',
          nearestValid: '1.50000',
        },
      ],
    });
    expect(book()).toEqual([`BUY 10000 100000+0 ${id}`]);
    expect(store.orders.get(id)?.amends).toEqual([]);
    expect(told(id).slice(2)).toEqual(['AMEND_REQUESTED PENDING_UPDATE', 'AMEND_REJECTED']);
  });

  it('goes on as it was while the ledger is asked, and changes what is left then', async () => {
    const { id } = await place('a', 'BUY', '2', limitAt('100'));
    const command = {
      amendId: 'more',
      expectedVersion: null,
      changes: { quantity: quantity('3') },
    };
    const amending = desk.engine.amend(id, command, INSTRUMENT);
    await place('b', 'SELL', '0.5', limitAt('100'));
    await answerAmends(desk, store);
    expect(await amending).toMatchObject({
      kind: 'amended',
      order: { quantity: quantity('3'), filledQuantity: quantity('0.5') },
    });
    expect(told(id)).toContain('FILL PENDING_UPDATE');
    expectConsistent(store);
    expect(book()).toEqual([`BUY 10000 250000+0 ${id}`]);
  });

  it('does not stand short when it trades at its worse price while the ledger is asked', async () => {
    const { id } = await place('a', 'BUY', '2', limitAt('100'));
    const command = {
      amendId: 'more-for-less',
      expectedVersion: null,
      changes: { quantity: quantity('3'), limitPrice: price('99') },
    };
    const amending = desk.engine.amend(id, command, INSTRUMENT);
    await place('b', 'SELL', '1', limitAt('100'));
    await answerAmends(desk, store);
    expect(await amending).toMatchObject({
      kind: 'denied',
      order: { quantity: quantity('2'), filledQuantity: quantity('1') },
      violations: [{ reason: 'NOTIONAL_EXCEEDS_FREE_BALANCE', actual: '1.00100000' }],
    });
    expectConsistent(store);
    expect(book()).toEqual([`BUY 10000 100000+0 ${id}`]);
    // What is left is enough for the rest.
    await place('b', 'SELL', '1', limitAt('100'));
    expect(store.orders.get(id)).toMatchObject({ state: { status: 'FILLED' } });
    expectConsistent(store);
  });

  it('gives all back that may be granted after its order has ended', async () => {
    const { id } = await place('a', 'BUY', '2', limitAt('100'));
    const command = {
      amendId: 'more',
      expectedVersion: null,
      changes: { quantity: quantity('3') },
    };
    const amending = desk.engine.amend(id, command, INSTRUMENT);
    await desk.engine.cancel(id);
    const waiting = { ...store.orders.get(id) };
    expect(waiting.state).toMatchObject({ status: 'CANCELED' });
    const asked = store.events.find(({ type }) => type === 'AMEND_REQUESTED')?.order.state;
    if (asked?.status !== 'PENDING_UPDATE') throw new Error('nothing was asked for');
    desk.amends.decided(asked.pending.changeId, null);
    expect(await amending).toBeNull();
    expect(store.outbox).toContainEqual({
      releaseHold: { holdId: id, accountId: 'a', orderId: id },
    });
  });

  it('takes another change only once the first is answered', async () => {
    const { id } = await place('a', 'BUY', '2', limitAt('100'));
    const change = (amendId: string, ordered: string) =>
      desk.engine.amend(
        id,
        { amendId, expectedVersion: null, changes: { quantity: quantity(ordered) } },
        INSTRUMENT,
      );
    const [first, again, other] = [change('one', '3'), change('one', '3'), change('two', '4')];
    expect(await other).toMatchObject({ kind: 'notAmendable' });
    await answerAmends(desk, store);
    expect(await first).toMatchObject({ kind: 'amended', amend: { amendId: 'one' } });
    expect(await again).toEqual(await first);
  });

  it('meets the rules that a new order meets: no other door', async () => {
    const { id } = await place('a', 'BUY', '1', limitAt('100'));
    expect(await amend(id, { limitPrice: price('99.999') })).toMatchObject({
      violations: [{ reason: 'PRICE_OFF_TICK', nearestValid: '99.99' }],
    });
    expect(await amend(id, { quantity: quantity('0.000001') })).toMatchObject({
      violations: [{ reason: 'QUANTITY_OFF_STEP' }, { reason: 'QUANTITY_BELOW_MINIMUM' }],
    });
    const scope = { kind: 'account', accountId: 'a' as AccountId } as const;
    const reducing = { tradingState: 'REDUCING', reason: 'test', actor: 'u' } as const;
    await desk.safety.setTradingState({ scope, ...reducing });
    for (const changes of [{ quantity: quantity('2') }, { limitPrice: price('99') }])
      expect(await amend(id, changes)).toMatchObject({
        violations: [{ reason: 'TRADING_STATE_REDUCING' }],
      });
    expect(await amend(id, { quantity: quantity('0.5') })).toMatchObject({ kind: 'amended' });
  });

  it('cancels the rest at or below what is done already', async () => {
    const { id } = await place('a', 'BUY', '2', limitAt('100'));
    await place('b', 'SELL', '1', limitAt('100'));
    expect(await amend(id, { quantity: quantity('0.5') })).toMatchObject({
      kind: 'amended',
      order: {
        quantity: quantity('1'),
        state: { status: 'CANCELED', cancelReason: 'AMENDED_BELOW_FILLED' },
      },
    });
    expect(book()).toEqual([]);
  });

  it('is made once for each amendId, and only of the version that was expected', async () => {
    const { id } = await place('a', 'BUY', '3', limitAt('100'));
    const same = { amendId: 'same', expectedVersion: 1 };
    expect(await amend(id, { quantity: quantity('2') }, same)).toMatchObject({ replayed: false });
    expect(await amend(id, { quantity: quantity('2') }, same)).toMatchObject({ replayed: true });
    expect(await amend(id, { quantity: quantity('1') }, { expectedVersion: 1 })).toMatchObject({
      kind: 'versionConflict',
    });
    expect(await amend(id, { quantity: quantity('1') }, { expectedVersion: 2 })).toMatchObject({
      kind: 'amended',
    });
  });

  it('takes no second change under an id, made or asked for', async () => {
    const { id } = await place('a', 'BUY', '3', limitAt('100'));
    const conflict = { kind: 'amendIdConflict', differingFields: ['quantity', 'limitPrice'] };
    const other = { limitPrice: price('99') };
    await amend(id, { quantity: quantity('2') }, { amendId: 'made' });
    expect(await amend(id, other, { amendId: 'made' })).toMatchObject(conflict);
    const more = amend(id, { quantity: quantity('4') }, { amendId: 'asked' });
    expect(await amend(id, other, { amendId: 'asked' })).toMatchObject(conflict);
    expect(await more).toMatchObject({ kind: 'amended', order: { quantity: quantity('4') } });
  });

  it('leaves what was asked for first to tell a repeated order by', async () => {
    const placed = await place('a', 'BUY', '3', limitAt('100'));
    await amend(placed.id, { quantity: quantity('2'), limitPrice: price('99') });
    const changed = store.orders.get(placed.id);
    expect(changed === undefined ? null : differingFields(changed, placed)).toEqual([]);
  });

  it('moves a trigger price, and refuses what the order does not have', async () => {
    const stop = await place(
      'a',
      'SELL',
      '1',
      { orderType: 'MARKET', timeInForce: 'IOC' },
      {
        trigger: {
          kind: 'STOP',
          source: 'BID_ASK',
          timeInForce: 'GTC',
          triggerPrice: price('90'),
          trailing: null,
          triggeredAt: null,
        },
      },
    );
    expect(await amend(stop.id, { triggerPrice: price('91') })).toMatchObject({ kind: 'amended' });
    const plain = await place('a', 'BUY', '1', limitAt('80'));
    for (const [id, changes] of [
      [stop.id, { limitPrice: price('91') }],
      [plain.id, { triggerPrice: price('91') }],
      [plain.id, { expireAt: NOW_MS + 1 }],
      [plain.id, {}],
    ] as const)
      expect(await amend(id, changes)).toMatchObject({
        kind: 'denied',
        violations: [{ reason: 'INVALID_COMBINATION' }],
      });
  });
});
