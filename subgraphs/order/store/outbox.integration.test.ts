import { afterAll, beforeAll, expect, it } from 'vitest';
import { MemoryJournalStore, startDesk } from '../engine/test-journal.ts';
import { openTestOrderStores, type TestOrderStores } from './test-order-stores.ts';
import { limitAt, placer } from '../engine/test-placement.ts';
import type { ChangeSet } from '../domain/ports/journal-store.ts';

let owned: TestOrderStores;

beforeAll(async () => {
  owned = await openTestOrderStores();
});
afterAll(() => owned.close());

/** The turns of one trade. */
async function turnsOfATrade(): Promise<readonly ChangeSet[]> {
  const store = new MemoryJournalStore();
  const place = placer(startDesk(store), store);
  await place('a', 'SELL', '1', limitAt('100'));
  await place('b', 'BUY', '1', limitAt('100'));
  return store.storedTurns;
}

it('says where a turn has stored what the ledger must be sent, and marks it with a later turn', async () => {
  const { journal, outbox } = owned.stores;
  const turns = await turnsOfATrade();
  const stored = [];
  for (const turn of turns) stored.push(...(await journal.commit(turn)));
  expect(stored.map(({ command }) => Object.keys(command))).toEqual([['settleTrade']]);
  expect(await outbox.unsent(10)).toEqual(stored);
  const nothing = Object.fromEntries(
    Object.keys(turns[0] ?? {}).map((kind) => [kind, []]),
  ) as unknown as ChangeSet;
  const rfq = { rfqs: [], quotes: [], settlements: [], comparisons: [], events: [] };
  const applied = stored.map(({ position }) => position);
  expect(await journal.commit({ ...nothing, rfq, applied })).toEqual([]);
  expect(await outbox.unsent(10)).toEqual([]);
});

it('removes what the ledger applied long ago, and nothing that is younger or still waits', async () => {
  const { outbox, sentCommands } = owned.stores;
  await owned.sql('DELETE FROM outbox');
  const add = (count: number, sentAt: string) =>
    owned.sql(`INSERT INTO outbox (kind, payload, created_at, sent_at)
      SELECT 'releaseHold', '{}', now() - interval '9 days', ${sentAt} FROM generate_series(1, ${count})`);
  await add(1500, `now() - interval '8 days'`);
  await add(2, 'NULL');
  await add(3, `now() - interval '6 days'`);
  const steps = [];
  do steps.push(await sentCommands.removeOld());
  while (steps.at(-1) === true);
  expect(steps).toEqual([true, true, false]);
  const [left] = await owned.sql('SELECT count(*)::int AS count FROM outbox');
  expect(left).toEqual({ count: 5 });
  expect(await outbox.unsent(10)).toHaveLength(2);
});
