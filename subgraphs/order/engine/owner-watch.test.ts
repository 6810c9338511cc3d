import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import { NotOwnerError } from '../domain/not-owner-error.ts';
import { OwnerWatch } from './owner-watch.ts';
import { MemoryJournalStore, startDesk } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

// Two desks on one store: what one has read before the other wrote is nothing to go on with.

const logger = createLogger({ unit: 'test', level: 'silent' });
const FREE = { take: () => Promise.resolve(true), renew: () => Promise.resolve(true) };

describe('a process that has the books again', () => {
  let store: MemoryJournalStore;
  let desk: ReturnType<typeof startDesk>;

  /** Another process takes the books over, and one of its clients sells. */
  const sellElsewhere = async () => {
    const other = startDesk(store);
    await placer(other, store)('b', 'SELL', '1', limitAt('100'));
  };

  beforeEach(async () => {
    store = new MemoryJournalStore();
    desk = startDesk(store);
    await placer(desk, store)('a', 'BUY', '1', limitAt('100'));
  });

  it('forgets what it was reading when it lost them', async () => {
    desk.journal.resign();
    const load = store.load.bind(store);
    let answer: (() => void) | undefined;
    store.load = async () => {
      const record = await load();
      await new Promise<void>((resolve) => (answer = resolve));
      return record;
    };
    const starting = desk.journal.start();
    await expect.poll(() => answer).toBeDefined();
    store.load = load;
    desk.journal.resign();
    await sellElsewhere();
    answer?.();
    await expect(starting).rejects.toThrow(NotOwnerError);
    await desk.journal.start();
    expect([...(desk.journal.state?.orders() ?? [])]).toEqual([]);
  });

  it('reads them, whatever it has in memory', async () => {
    await sellElsewhere();
    const lease = { ...FREE, release: () => Promise.resolve() };
    const watch = new OwnerWatch({ lease, journal: desk.journal, logger });
    await watch.start();
    await desk.journal.start();
    await watch.stop();
    expect([...(desk.journal.state?.orders() ?? [])]).toEqual([]);
  });
});
