import { beforeEach, expect, it } from 'vitest';
import { NOW_MS, price } from '../domain/test-orders.ts';
import { expectConsistent, MemoryJournalStore, startDesk } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

// Many orders come or end at one moment: in a rush, at the end of a day, and when the desk is halted.

const COUNT = 1100;
const ACCOUNTS = Array.from({ length: COUNT }, (_none, index) => `a${index % 10}`);
const DAY = { orderType: 'LIMIT', limitPrice: price('99'), timeInForce: 'DAY' } as const;

let now: number;
let store: MemoryJournalStore;
let desk: ReturnType<typeof startDesk>;
let place: ReturnType<typeof placer>;

beforeEach(() => {
  now = NOW_MS;
  store = new MemoryJournalStore();
  desk = startDesk(store, { now: () => now });
  place = placer(desk, store);
});

function perTurn(what: string): readonly number[] {
  return store.storedTurns
    .map(({ events }) => events.filter(({ type }) => type === what).length)
    .filter((count) => count > 0);
}

it('no more commands are taken in a turn than it may carry', async () => {
  store.storedTurns = [];
  await Promise.all(ACCOUNTS.map((account) => place(account, 'BUY', '0.001', limitAt('99'))));
  expect(perTurn('SUBMITTED')).toEqual([1000, 100]);
  expectConsistent(store);
});

it('no more DAY orders end in a turn than it may carry, and all before anything that came later', async () => {
  const placed = await Promise.all(ACCOUNTS.map((account) => place(account, 'BUY', '0.001', DAY)));
  now = placed[0]?.expireAt ?? 0;
  store.storedTurns = [];
  const later = await place('b', 'SELL', '1', limitAt('99'));
  expect(perTurn('EXPIRED')).toEqual([500, 500, 100]);
  expect(store.storedTurns.findIndex(({ inserted }) => inserted.length > 0)).toBe(2);
  expect(perTurn('FILL')).toEqual([]);
  expect(store.orders.get(later.id)?.state.status).toBe('ACCEPTED');
  expectConsistent(store);
});

it('a desk that is halted takes no order from that turn on, and cancels all in as many as it needs', async () => {
  await Promise.all(ACCOUNTS.map((account) => place(account, 'BUY', '0.001', limitAt('99'))));
  store.storedTurns = [];
  const halting = desk.safety.setTradingState({
    ...{ scope: { kind: 'desk' }, tradingState: 'HALTED', reason: 'a drill', actor: 'u' },
  });
  const late = place('b', 'BUY', '1', limitAt('99'));
  const { canceled } = await halting;
  expect(new Set(canceled.map(({ id }) => id)).size).toBe(COUNT);
  expect(perTurn('CANCELED')).toEqual([500, 500, 100]);
  expect((await late).state.status).toBe('DENIED');
  expectConsistent(store);
});
