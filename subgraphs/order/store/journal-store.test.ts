import { expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import type { PreparedStatements, Statement } from '#shared/store/prepared-statements.ts';
import { Prisma, type PrismaClient } from '../__generated__/prisma/client.ts';
import type { ChangeSet } from '../domain/ports/journal-store.ts';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { MemoryJournalStore, startDesk } from '../engine/test-journal.ts';
import { limitAt, placer } from '../engine/test-placement.ts';
import { PostgresJournalStore } from './journal-store.ts';
import type { PostgresOwnerLease } from './owner-lease.ts';

/** Every connection keeps each of them with its plans, about 0.2 MB. */
const MOST_STATEMENTS = 64;

/** Turns that together have rows of every kind but requests for quote. */
async function turnsOfAllKinds(): Promise<readonly ChangeSet[]> {
  const store = new MemoryJournalStore();
  const turns: ChangeSet[] = [];
  const commit = store.commit.bind(store);
  store.commit = (changes) => {
    turns.push(changes);
    return commit(changes);
  };
  const desk = startDesk(store);
  const place = placer(desk, store);
  const instructions = { ...NO_INSTRUCTIONS, selfTradePrevention: 'CANCEL_MAKER' } as const;
  await place('a', 'SELL', '1', limitAt('100'));
  await place('b', 'BUY', '0.5', limitAt('100'));
  await place('a', 'BUY', '1', limitAt('100'), { instructions });
  const accountId = 'a' as AccountId;
  await desk.safety.cancelAllAfter(accountId, 1000);
  const control = { tradingState: 'HALTED', reason: 'test', actor: 'u' } as const;
  await desk.safety.setTradingState({ scope: { kind: 'account', accountId }, ...control });
  return turns;
}

it('stores turns of every kind by few statements', async () => {
  const made = await turnsOfAllKinds();
  const [first, ...others] = made as [ChangeSet, ...ChangeSet[]];
  const turns = [{ ...first, applied: [1n] }, ...others];
  const kinds = Object.keys(first).filter((kind) => kind !== 'rfq') as Exclude<
    keyof ChangeSet,
    'rfq'
  >[];
  const rowsOf = (kind: (typeof kinds)[number]) => turns.flatMap((turn) => [...turn[kind]]);
  expect(kinds.filter((kind) => rowsOf(kind).length === 0)).toEqual([]);
  const texts = new Set<string>();
  const statements = {
    run: ({ text }: Statement) => {
      texts.add(text);
      return Promise.resolve([{ positions: turns.flatMap(({ outbox }) => outbox.map(() => '1')) }]);
    },
  } as unknown as PreparedStatements;
  const lease = {
    isSurelyHeld: false,
    fence: () => Prisma.sql`fence AS (SELECT true AS is_owner)`,
  } as unknown as PostgresOwnerLease;
  const store = new PostgresJournalStore({} as PrismaClient, statements, lease);
  const rfq = { rfqs: [], quotes: [], settlements: [], comparisons: [], events: [] };
  for (let set = 0; set < 2 ** kinds.length; set += 1) {
    const some = kinds.map((kind, index) => [kind, (set >> index) % 2 === 1 ? rowsOf(kind) : []]);
    await store.commit({ ...(Object.fromEntries(some) as Omit<ChangeSet, 'rfq'>), rfq });
  }
  // Orders never change without an event, nor do trades.
  const possible = [...texts].filter((text) => text.includes('inserted_order_events'));
  expect([possible.length > 1, possible.length <= MOST_STATEMENTS]).toEqual([true, true]);
});
