import { beforeEach, describe, expect, it } from 'vitest';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { price, quantity } from '../domain/test-orders.ts';
import { matchMarketMove } from './match-market-move.ts';
import { expectConsistent, INSTRUMENT, MemoryJournalStore, startDesk } from './test-journal.ts';
import { answerAmends, limitAt, placer } from './test-placement.ts';

// Each event repeats its whole order: one with many amends takes the room of many events.

const MOST_EVENTS = 60;
const AMENDS = 40;
/** What an event of an order with these is worth. */
const WEIGHT = 11;

let store: MemoryJournalStore;
let desk: ReturnType<typeof startDesk>;
let place: ReturnType<typeof placer>;

beforeEach(() => {
  store = new MemoryJournalStore();
  desk = startDesk(store, { mostEvents: MOST_EVENTS });
  place = placer(desk, store);
});

/** Reduces an order step by step. @returns it */
async function amended(account: string, limitPrice: string, guardConnectionId?: string) {
  const instructions = { ...NO_INSTRUCTIONS, guardConnectionId: guardConnectionId ?? null };
  const { id } = await place(account, 'BUY', '1', limitAt(limitPrice), { instructions });
  for (let count = 1; count <= AMENDS; count += 1) {
    const changes = { quantity: quantity(`${(1 - count / 1000).toFixed(3)}`) };
    const command = { amendId: `a-${count}`, expectedVersion: null, changes };
    await desk.engine.amend(id, command, INSTRUMENT);
  }
  store.storedTurns = [];
  return id;
}

describe('orders with many amends', () => {
  it('meet fewer others in a turn', async () => {
    for (let count = 0; count < 20; count += 1) await place('m', 'SELL', '0.01', limitAt('100'));
    const id = await amended('t', '99');
    const changes = { limitPrice: price('100') };
    const command = { amendId: 'last', expectedVersion: null, changes };
    const done = desk.engine.amend(id, command, INSTRUMENT);
    await expect.poll(() => store.orders.get(id)?.state.status).toBe('PENDING_UPDATE');
    await answerAmends(desk, store);
    await done;
    await desk.journal.idle();
    expect(store.orders.get(id)?.filledQuantity).toBe(quantity('0.2'));
    expect(Math.max(...store.eventsPerTurn)).toBeLessThanOrEqual(
      1 + 2 * Math.ceil(MOST_EVENTS / (WEIGHT + 1)),
    );
    expectConsistent(store);
  });

  it('are fewer in a turn that no longer guards them', async () => {
    for (let count = 0; count < 8; count += 1) await amended('g', '99', 'connection');
    await desk.safety.guardConnections([{ connectionId: 'connection', lifeMs: null }]);
    expect(store.storedTurns).toHaveLength(2);
    const guards = [...store.orders.values()].map(({ instructions }) => instructions);
    expect(guards.every(({ guardConnectionId }) => guardConnectionId === null)).toBe(true);
  });

  it('are fewer in a turn that cancels them, and in one whose market has reached them', async () => {
    const most = Math.ceil(MOST_EVENTS / WEIGHT);
    for (let count = 0; count < 8; count += 1) await amended('c', '99');
    const { accountId } = [...store.orders.values()][0] ?? { accountId: '' as never };
    await desk.safety.cancelAll({ accountId, symbol: null, side: null });
    expect([store.storedTurns.length, Math.max(...store.eventsPerTurn)]).toEqual([2, most]);
    for (let count = 0; count < 8; count += 1) await amended('r', '99');
    desk.hear('97', '98', '100');
    await desk.journal.runThrough((turn) => matchMarketMove(turn, INSTRUMENT));
    expect([store.storedTurns.length, Math.max(...store.eventsPerTurn)]).toEqual([2, most]);
    expectConsistent(store);
  });
});
