import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import { NOW_MS } from '../../domain/test-orders.ts';
import { MemoryJournalStore, startDesk } from '../test-journal.ts';
import { limitAt, placer } from '../test-placement.ts';

// The dead man's switch on a machine whose clock is set.

const A = 'a' as AccountId;
const [MINUTE, HOUR] = [60_000, 3_600_000];

describe("a dead man's switch", () => {
  let now: number;
  /** How far the machine's clock was set, forward or back. */
  let stepped: number;
  let store: MemoryJournalStore;
  let desk: ReturnType<typeof startDesk>;
  const restart = () => {
    desk = startDesk(store, { now: () => now + stepped, steadyNow: () => now });
  };
  /** Lets time pass, and gives the journal a turn. @returns how the order is then */
  const pass = async (ms: number) => {
    now += ms;
    await desk.journal.run(() => undefined).catch(() => undefined);
    const [state] = [...store.orders.values()].map((order) => order.state);
    return state?.status === 'CANCELED' ? state.cancelReason : state?.status;
  };

  beforeEach(async () => {
    [now, stepped] = [NOW_MS, 0];
    store = new MemoryJournalStore();
    restart();
    await placer(desk, store)('a', 'BUY', '1', limitAt('99'));
    await desk.safety.cancelAllAfter(A, MINUTE);
  });

  it.each([
    ['back', -HOUR],
    ['forward', HOUR],
  ])('fires in time when the clock is set %s', async (_way, step) => {
    stepped = step;
    expect(await pass(MINUTE - 1)).toBe('ACCEPTED');
    expect(await pass(1)).toBe('CANCEL_ALL_AFTER');
  });

  it.each([
    ['that fired', MINUTE],
    ['before it fired', MINUTE / 2],
  ])('fires in time when the clock is set back and a turn is lost %s', async (_when, ms) => {
    stepped = -HOUR;
    now += ms;
    const commit = store.commit.bind(store);
    store.commit = () => Promise.reject(new Error('the disk is full'));
    await desk.safety.cancelAllAfter(A, 0).catch(() => undefined);
    store.commit = commit;
    expect(await pass(MINUTE - ms)).toBe('CANCEL_ALL_AFTER');
  });

  it('fires in time when the clock is set back and the turn that set it is stored without an answer', async () => {
    const commit = store.commit.bind(store);
    store.commit = async (changes) => {
      await commit(changes);
      throw new Error('the connection is lost');
    };
    await desk.safety.cancelAllAfter(A, 2 * MINUTE).catch(() => undefined);
    store.commit = commit;
    stepped = -HOUR;
    expect(await pass(2 * MINUTE - 1)).toBe('ACCEPTED');
    expect(await pass(1)).toBe('CANCEL_ALL_AFTER');
  });

  it('lasts no longer than one can last when the next owner has a clock that is behind', async () => {
    stepped = -HOUR;
    restart();
    await desk.journal.start();
    expect(await pass(5 * MINUTE - 1)).toBe('ACCEPTED');
    expect(await pass(1)).toBe('CANCEL_ALL_AFTER');
  });
});
