import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import { NotOwnerError } from '../domain/ports/not-owner-error.ts';
import { OwnerWatch } from './owner-watch.ts';
import type { Pause } from './pause.ts';
import { MemoryJournalStore, startDesk } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';
import { MARKET, triggerAt, WaitingWorld } from './test-waiting.ts';

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

  it('goes on with nothing that it had begun before it lost them', async () => {
    const world = new WaitingWorld();
    const stop = triggerAt('STOP', '105');
    await world.tick('99.99', '100.00');
    // One more than a turn sets off.
    for (let n = 0; n < 251; n += 1) await world.place(`a${n % 10}`, 'BUY', '0.01', MARKET, stop);
    const commit = world.store.commit.bind(world.store);
    let answer: (() => void) | undefined;
    world.store.commit = async (changes) => {
      const outbox = await commit(changes);
      await new Promise<void>((resolve) => (answer = resolve));
      return outbox;
    };
    const setOff = world.tick('104.99', '105.00');
    await expect.poll(() => answer).toBeDefined();
    world.store.commit = commit;
    world.desk.journal.resign();
    world.hear('99.99', '100.00');
    const { id } = await placer(startDesk(world.store), world.store)('z', 'BUY', '1', MARKET, stop);
    answer?.();
    await setOff;
    await world.desk.journal.start();
    expect(world.statusOf(id)).toBe('ACCEPTED');
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

/** A watch with these answers to its looks; at the last one it waits. */
async function watchOf(looks: ('away' | 'held' | 'taken')[]) {
  const said: string[] = [];
  const log = createLogger(
    { unit: 'test', level: 'info' },
    { write: (line) => void said.push((JSON.parse(line) as { readonly msg: string }).msg) },
  );
  const look = () => {
    const answer = looks.shift();
    return answer === 'away'
      ? Promise.reject(new Error('away'))
      : Promise.resolve(answer === 'held');
  };
  const lease = { take: look, renew: look, release: () => Promise.resolve() };
  const { journal } = startDesk(new MemoryJournalStore());
  let pauses = 0;
  const pause: Pause = (_ms, stopping) => {
    pauses += 1;
    return looks.length > 0 ? Promise.resolve() : stopping.wait(() => () => undefined);
  };
  // Each pause is as long as those of a start together.
  const now = () => pauses * 10_000;
  const watch = new OwnerWatch({ lease, journal, logger: log, pause, now });
  await watch.start();
  return { watch, said };
}

describe('what a process says of its lease', () => {
  it('is that the database is away, from the second look that fails on, and once that it is back', async () => {
    // The first connection may take long; a real outage fails again and again.
    const { watch, said } = await watchOf(['held', 'away', 'held', 'away', 'away', 'away', 'held']);
    await expect.poll(() => said.at(-1)).toBe('the lease of the order books can be read again');
    await watch.stop();
    const away = 'could not read the lease of the order books';
    expect(said.filter((msg) => msg === away)).toHaveLength(2);
  });

  it('is that it stands by, if another process has it', async () => {
    const { watch, said } = await watchOf(['taken', 'taken', 'held']);
    await expect.poll(() => said).toHaveLength(2);
    await watch.stop();
    expect(said).toEqual([
      'another process owns the order books: this one stands by',
      'this process owns the order books',
    ]);
  });
});
