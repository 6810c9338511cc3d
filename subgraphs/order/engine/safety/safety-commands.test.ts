import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import { controlKey, type ControlScope, type TradingState } from '../../domain/trading-control.ts';
import { NotOwnerError } from '../../domain/ports/not-owner-error.ts';
import { NOW_MS } from '../../domain/test-orders.ts';
import { UnavailableError } from '../../domain/ports/unavailable-error.ts';
import { drawn, expectConsistent, MemoryJournalStore, startDesk, SYMBOL } from '../test-journal.ts';
import { limitAt, placer } from '../test-placement.ts';

// The journal on a store in memory, with a clock that stands where the test puts it.

const A = 'a' as AccountId;

describe('safety commands', () => {
  let now: number;
  let store: MemoryJournalStore;
  let desk: ReturnType<typeof startDesk>;
  let place: ReturnType<typeof placer>;
  const restart = () => {
    desk = startDesk(store, { now: () => now });
  };
  const statuses = () =>
    [...store.orders.values()].map(({ accountId, state }) =>
      state.status === 'CANCELED'
        ? `${accountId} ${state.cancelReason}`
        : `${accountId} ${state.status}`,
    );
  const set = (scope: ControlScope, tradingState: TradingState) =>
    desk.safety.setTradingState({ scope, tradingState, reason: 'test', actor: 'u' });

  beforeEach(() => {
    now = NOW_MS;
    store = new MemoryJournalStore();
    restart();
    place = placer(desk, store);
  });

  describe('cancel all', () => {
    it('takes off the orders of an account, an instrument and a side, and no other', async () => {
      await place('a', 'BUY', '1', limitAt('99'));
      await place('a', 'SELL', '1', limitAt('101'));
      await place('b', 'BUY', '1', limitAt('98'));
      const bids = await desk.safety.cancelAll({ accountId: A, symbol: SYMBOL, side: 'BUY' });
      expect(bids).toHaveLength(1);
      expect(statuses()).toEqual(['a CANCEL_ALL', 'a ACCEPTED', 'b ACCEPTED']);
      const rest = await desk.safety.cancelAll({ accountId: A, symbol: null, side: null });
      expect(rest).toHaveLength(1);
      expect(drawn(desk.venue.book(SYMBOL))).toHaveLength(1);
      expectConsistent(store);
    });
  });

  it('ends an order on its way through the book that the next owner finds halted', async () => {
    desk = startDesk(store, { now: () => now, mostEvents: 2 });
    place = placer(desk, store);
    for (let count = 0; count < 3; count += 1) await place('a', 'SELL', '1', limitAt('100'));
    const commit = store.commit.bind(store);
    store.commit = (changes) =>
      store.wasArriving > 0 ? Promise.reject(new Error('away')) : commit(changes);
    await place('b', 'BUY', '3', limitAt('100'));
    const filled = store.events.filter(({ type }) => type === 'FILL').length;
    store.commit = commit;
    const scope: ControlScope = { kind: 'account', accountId: 'b' as AccountId };
    const control = { scope, tradingState: 'HALTED', reason: 'test', actor: 'u' } as const;
    store.controls.set(controlKey(scope), { ...control, changedAt: now });
    restart();
    await desk.journal.start();
    expect(statuses().at(-1)).toBe('b KILL_SWITCH');
    expect(store.events.filter(({ type }) => type === 'FILL')).toHaveLength(filled);
    expectConsistent(store);
  });

  it('says nothing of what was done where the books are lost in the middle', async () => {
    desk = startDesk(store, { now: () => now, mostEvents: 2 });
    place = placer(desk, store);
    for (let count = 0; count < 3; count += 1) await place('a', 'BUY', '1', limitAt('99'));
    const commit = store.commit.bind(store);
    let left = 1;
    store.commit = (changes) =>
      (left -= 1) < 0 ? Promise.reject(new NotOwnerError()) : commit(changes);
    const cancelAll = () =>
      desk.safety
        .cancelAll({ accountId: A, symbol: null, side: null })
        .catch((cause: unknown) => cause);
    const failed = await cancelAll();
    expect(failed).toBeInstanceOf(UnavailableError);
    expect(failed).not.toBeInstanceOf(NotOwnerError);
    expect(statuses()).toEqual(['a CANCEL_ALL', 'a CANCEL_ALL', 'a ACCEPTED']);
    expect(await cancelAll()).toBeInstanceOf(NotOwnerError);
  });

  describe('the kill switch', () => {
    it('cancels what is open and denies what comes, until it is lifted', async () => {
      await place('a', 'BUY', '1', limitAt('99'));
      await place('b', 'BUY', '1', limitAt('98'));
      await set({ kind: 'deskAccount', accountId: A }, 'HALTED');
      expect(statuses()).toEqual(['a KILL_SWITCH', 'b ACCEPTED']);
      const denied = await place('a', 'BUY', '1', limitAt('99'));
      expect(denied.state).toMatchObject({ violations: [{ reason: 'TRADING_HALTED' }] });
      // Its holder cannot lift what the desk has set.
      await set({ kind: 'account', accountId: A }, 'ACTIVE');
      expect((await place('a', 'BUY', '1', limitAt('99'))).state.status).toBe('DENIED');
      await set({ kind: 'deskAccount', accountId: A }, 'ACTIVE');
      expect((await place('a', 'BUY', '1', limitAt('99'))).state.status).toBe('ACCEPTED');
      expectConsistent(store);
    });

    it('halts everyone by one switch, and still after a restart', async () => {
      await place('a', 'BUY', '1', limitAt('99'));
      await place('b', 'BUY', '1', limitAt('98'));
      await set({ kind: 'desk' }, 'HALTED');
      expect(statuses()).toEqual(['a KILL_SWITCH', 'b KILL_SWITCH']);
      restart();
      expect((await placer(desk, store)('c', 'BUY', '1', limitAt('99'))).state.status).toBe(
        'DENIED',
      );
    });

    it('lets sales pass while REDUCING, and purchases that close a short position, over all its orders', async () => {
      await place('b', 'SELL', '1', limitAt('100'));
      await place('a', 'BUY', '1', limitAt('100'));
      await set({ kind: 'account', accountId: A }, 'REDUCING');
      expect((await place('a', 'BUY', '0.1', limitAt('99'))).state.status).toBe('DENIED');
      // What it owns, and did not buy here.
      await place('b', 'BUY', '2', limitAt('101'));
      expect((await place('a', 'SELL', '2', limitAt('101'))).state.status).toBe('FILLED');
      expect((await place('a', 'BUY', '0.6', limitAt('99'))).state.status).toBe('ACCEPTED');
      const tooMuch = await place('a', 'BUY', '0.5', limitAt('99'));
      expect(tooMuch.state).toMatchObject({
        violations: [
          { reason: 'TRADING_STATE_REDUCING', limit: '0.40000', nearestValid: '0.40000' },
        ],
      });
      expect((await place('a', 'BUY', '0.4', limitAt('99'))).state.status).toBe('ACCEPTED');
    });
  });

  describe('the dead man’s switch', () => {
    it('does nothing a millisecond before its time, and cancels all at it, once', async () => {
      await place('a', 'BUY', '1', limitAt('99'));
      await place('b', 'BUY', '1', limitAt('98'));
      expect(await desk.safety.cancelAllAfter(A, 60_000)).toEqual({
        firesAt: NOW_MS + 60_000,
        now,
      });
      now += 59_999;
      await desk.journal.run(() => undefined);
      expect(statuses()).toEqual(['a ACCEPTED', 'b ACCEPTED']);
      now += 1;
      await desk.journal.run(() => undefined);
      expect(statuses()).toEqual(['a CANCEL_ALL_AFTER', 'b ACCEPTED']);
      // Fired, it is off.
      expect((await place('a', 'BUY', '1', limitAt('99'))).state.status).toBe('ACCEPTED');
      expectConsistent(store);
    });

    it('is set again by each call, and off by 0', async () => {
      await place('a', 'BUY', '1', limitAt('99'));
      await desk.safety.cancelAllAfter(A, 1000);
      now += 999;
      await desk.safety.cancelAllAfter(A, 1000);
      now += 999;
      await desk.safety.cancelAllAfter(A, 0);
      now += 100_000;
      await desk.journal.run(() => undefined);
      expect(statuses()).toEqual(['a ACCEPTED']);
    });

    it('fires for a time that passed while the desk was down, before a new order is taken', async () => {
      await place('a', 'BUY', '1', limitAt('99'));
      await desk.safety.cancelAllAfter(A, 1000);
      now += 1000;
      restart();
      const next = await placer(desk, store)('a', 'SELL', '1', limitAt('101'));
      expect(store.orders.get(next.id)?.state.status).toBe('ACCEPTED');
      expect(statuses()[0]).toBe('a CANCEL_ALL_AFTER');
    });
  });
});
