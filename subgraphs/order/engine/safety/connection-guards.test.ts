import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, UserId } from '#shared/domain/ids.ts';
import { NO_INSTRUCTIONS } from '../../domain/order-instructions.ts';
import { NOW_MS } from '../../domain/test-orders.ts';
import { expectConsistent, MemoryJournalStore, startDesk } from '../test-journal.ts';
import { limitAt, placer } from '../test-placement.ts';

// Connections that guard orders, on a desk with a clock that stands where the test puts it.

describe('connections that guard orders', () => {
  let now: number;
  let store: MemoryJournalStore;
  let desk: ReturnType<typeof startDesk>;
  /** How far the machine's clock was set, forward or back. */
  let stepped: number;
  const restart = (mostEvents?: number) => {
    desk = startDesk(store, { now: () => now + stepped, steadyNow: () => now, mostEvents });
  };
  const place = (account: string, guardConnectionId: string | null) =>
    placer(desk, store)(account, 'BUY', '1', limitAt('99'), {
      instructions: { ...NO_INSTRUCTIONS, guardConnectionId },
    });
  const keep = (connectionId: string, lifeMs: number | null) =>
    desk.safety.guardConnections([{ connectionId, lifeMs }]);
  const takeOver = (connectionId: string, from: string, ...accounts: readonly string[]) => {
    const accountIds = accounts as readonly AccountId[];
    const takeOver = { connectionId: from, userId: 'user' as UserId, accountIds };
    return desk.safety.guardConnections([{ connectionId, lifeMs: 5000, takeOver }]);
  };
  const turn = () => desk.journal.run(() => undefined);
  const statuses = () =>
    [...store.orders.values()].map(({ state }) =>
      state.status === 'CANCELED' ? state.cancelReason : state.status,
    );

  beforeEach(() => {
    now = NOW_MS;
    stepped = 0;
    store = new MemoryJournalStore();
    restart();
  });

  it('are lost when nobody tells of them in time, and only their orders end', async () => {
    await keep('c', 5000);
    await place('a', 'c');
    await place('a', null);
    await place('b', 'c');
    now += 4999;
    await turn();
    expect(statuses()).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
    now += 1;
    await turn();
    expect(statuses()).toEqual(['CANCEL_ON_DISCONNECT', 'ACCEPTED', 'CANCEL_ON_DISCONNECT']);
    expectConsistent(store);
  });

  it('stay for as long as they are told of, and let their orders stay when they are let go', async () => {
    await keep('c', 5000);
    await place('a', 'c');
    now += 4000;
    await keep('c', 5000);
    now += 4000;
    await keep('c', null);
    now += 60_000;
    await turn();
    expect(statuses()).toEqual(['ACCEPTED']);
  });

  it('that are let go have let their orders go for anyone who reads them later, however many', async () => {
    for (let n = 0; n < 501; n += 1) await place(`account-${n % 10}`, 'c');
    await place('a', 'other');
    await keep('c', null);
    restart();
    await desk.journal.start();
    now += 10_000;
    await turn();
    expect(new Set(statuses().slice(0, 501))).toEqual(new Set(['ACCEPTED']));
    expect(statuses().at(-1)).toBe('CANCEL_ON_DISCONNECT');
    expectConsistent(store);
  });

  it('take over the orders of another one, however many, also for the next owner of the books', async () => {
    await keep('lost', 1000);
    const accounts = Array.from({ length: 10 }, (_, n) => `account-${n}`);
    for (let n = 0; n < 501; n += 1) await place(accounts[n % 10] ?? '', 'lost');
    await place('b', 'lost');
    now += 999;
    await takeOver('new', 'lost', ...accounts);
    now += 1;
    await turn();
    expect(new Set(statuses().slice(0, 501))).toEqual(new Set(['ACCEPTED']));
    // It is of an account that the new connection cannot trade on.
    expect(statuses().at(-1)).toBe('CANCEL_ON_DISCONNECT');
    restart();
    await desk.journal.start();
    await keep('new', 5000);
    now += 4999;
    await turn();
    expect(new Set(statuses().slice(0, 501))).toEqual(new Set(['ACCEPTED']));
    await keep('lost', 60_000);
    now += 10_000;
    for (let n = 0; n < 2; n += 1) await turn();
    expect(new Set(statuses())).toEqual(new Set(['CANCEL_ON_DISCONNECT']));
    expectConsistent(store);
  });

  it('take over only so many orders of a user in a time, and other connections as before', async () => {
    for (let n = 0; n < 200; n += 1) await place('a', 'c-0');
    let taken = 0;
    while (taken < 100 && (await takeOver(`c-${taken + 1}`, `c-${taken}`, 'a'))) taken += 1;
    // Each order counts for five milliseconds of ten seconds, and the last one may exceed them.
    expect(taken).toBe(11);
    expect(await keep(`c-${taken}`, 60_000)).toBe(true);
    now += 999;
    expect(await takeOver('next', `c-${taken}`, 'a')).toBe(false);
    now += 1;
    expect(await takeOver('next', `c-${taken}`, 'a')).toBe(true);
    expect(new Set(statuses())).toEqual(new Set(['ACCEPTED']));
  });

  it('take over what another one has taken over, whose acknowledgement the client did not get', async () => {
    const guardsOf = () =>
      [...store.orders.values()].map(({ instructions }) => instructions.guardConnectionId);
    await keep('lost', 5000);
    await place('a', 'lost');
    await takeOver('unknown', 'lost', 'a');
    await place('a', 'lost');
    expect(guardsOf()).toEqual(['unknown', 'lost']);
    store.failsNext = true;
    await expect(turn()).rejects.toThrow();
    await takeOver('new', 'lost', 'a');
    expect(guardsOf()).toEqual(['new', 'new']);
    // A copy that is late changes nothing, nor does one that names itself.
    await takeOver('unknown', 'lost', 'a');
    await takeOver('new', 'new', 'a');
    expect(guardsOf()).toEqual(['new', 'new']);
    now += 4999;
    await keep('new', 5000);
    now += 1;
    await takeOver('late', 'lost', 'a');
    expect(guardsOf()).toEqual(['new', 'new']);
    expectConsistent(store);
  });

  it('take over no more orders in a turn than it can store, however many ask at once', async () => {
    restart(8);
    const accounts = Array.from({ length: 5 }, (_, n) => `account-${n}`);
    for (const account of accounts)
      for (let n = 0; n < 6; n += 1) await place(account, `lost-${account}`);
    store.storedTurns = [];
    await Promise.all(
      accounts.map((account) => takeOver(`new-${account}`, `lost-${account}`, account)),
    );
    const perTurn = store.storedTurns.map(({ updated }) => updated.length);
    expect(Math.max(...perTurn)).toBe(8);
    for (const { accountId, instructions } of store.orders.values())
      expect(instructions.guardConnectionId).toBe(`new-${accountId}`);
  });

  it('take nothing over from one that is lost already', async () => {
    await keep('lost', 1000);
    await place('a', 'lost');
    now += 1000;
    await takeOver('new', 'lost', 'a');
    expect(statuses()).toEqual(['CANCEL_ON_DISCONNECT']);
  });

  it('are believed for a while after a start, and lost then unless they are told of', async () => {
    await place('a', 'c');
    restart();
    await desk.journal.start();
    now += 9999;
    await turn();
    expect(statuses()).toEqual(['ACCEPTED']);
    now += 1;
    await turn();
    expect(statuses()).toEqual(['CANCEL_ON_DISCONNECT']);
  });

  it('that are lost stay lost when the turn is lost that takes their orders off', async () => {
    await keep('c', 5000);
    await place('a', 'c');
    await place('a', 'other');
    now += 5000;
    for (let n = 0; n < 2; n += 1) {
      store.failsNext = true;
      await expect(turn()).rejects.toThrow();
    }
    await turn();
    expect(statuses()).toEqual(['CANCEL_ON_DISCONNECT', 'ACCEPTED']);
    expectConsistent(store);
  });

  it('that are lost end in the next turn when one is lost that takes a part of their orders off', async () => {
    restart(4);
    await keep('c', 5000);
    for (let n = 0; n < 8; n += 1) await place('a', 'c');
    now += 5000;
    const commit = store.commit.bind(store);
    let left = 1;
    store.commit = (changes) =>
      (left -= 1) < 0 ? Promise.reject(new Error('statement timeout')) : commit(changes);
    await expect(turn()).rejects.toThrow();
    expect(statuses().filter((status) => status === 'ACCEPTED')).toHaveLength(4);
    store.commit = commit;
    await turn();
    expect(new Set(statuses())).toEqual(new Set(['CANCEL_ON_DISCONNECT']));
    expectConsistent(store);
  });

  it('are believed no longer, and are gone no less, because a turn is lost', async () => {
    await keep('c', 5000);
    await place('a', 'c');
    await keep('gone', null);
    const loseTurn = async () => {
      store.failsNext = true;
      await expect(turn()).rejects.toThrow();
    };
    now += 4000;
    await loseTurn();
    expect((await place('a', 'gone')).state.status).toBe('DENIED');
    now += 1000;
    await turn();
    expect(statuses()).toEqual(['CANCEL_ON_DISCONNECT', 'DENIED']);
    await keep('idle', 20_000);
    now += 5000;
    await loseTurn();
    expect((await place('a', 'never')).state.status).toBe('DENIED');
    expect((await place('a', 'idle')).state.status).toBe('ACCEPTED');
  });

  it('are not lost while the store is away, if they are told of, or let go', async () => {
    await keep('c', 10_000);
    await keep('gone', 10_000);
    await keep('closed', 10_000);
    await place('a', 'c');
    await place('a', 'gone');
    await place('a', 'closed');
    const [commit, load] = [store.commit.bind(store), store.load.bind(store)];
    store.commit = () => Promise.reject(new Error('the database restarts'));
    store.load = () => Promise.reject(new Error('the database restarts'));
    for (let seconds = 0; seconds < 20; seconds += 2) {
      await expect(keep('c', 10_000)).rejects.toThrow();
      await expect(keep('closed', null)).rejects.toThrow();
      now += 2000;
    }
    [store.commit, store.load] = [commit, load];
    await keep('closed', null);
    expect(statuses()).toEqual(['ACCEPTED', 'CANCEL_ON_DISCONNECT', 'ACCEPTED']);
    now += 7999;
    await turn();
    expect(statuses()).toEqual(['ACCEPTED', 'CANCEL_ON_DISCONNECT', 'ACCEPTED']);
    now += 1;
    await turn();
    expect(statuses()).toEqual(['CANCEL_ON_DISCONNECT', 'CANCEL_ON_DISCONNECT', 'ACCEPTED']);
  });

  it.each([-3_600_000, 3_600_000])(
    'are lost neither earlier nor later because the clock was set by %i ms',
    async (step) => {
      await keep('c', 5000);
      await place('a', 'c');
      stepped = step;
      now += 4999;
      await turn();
      expect(statuses()).toEqual(['ACCEPTED']);
      now += 1;
      await turn();
      expect(statuses()).toEqual(['CANCEL_ON_DISCONNECT']);
    },
  );

  it('that are lost, or never were, guard no new order', async () => {
    await turn();
    await keep('c', 1000);
    now += 1000;
    await turn();
    const denied = { violations: [{ reason: 'GUARD_NOT_CONNECTED', rule: 'guardConnectionId' }] };
    expect((await place('a', 'c')).state).toMatchObject(denied);
    now += 60_000;
    expect((await place('a', 'never')).state).toMatchObject(denied);
  });
});
