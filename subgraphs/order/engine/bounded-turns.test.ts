import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, ClientOrderId, OrderId } from '#shared/domain/ids.ts';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import type { OrderTrigger } from '../domain/order-trigger.ts';
import { isClosed, type OrderTerms } from '../domain/order.ts';
import { NOW_MS, price, quantity } from '../domain/test-orders.ts';
import { TurnRefusedError } from '../domain/ports/turn-refused-error.ts';
import { matchMarketMove } from './match-market-move.ts';
import {
  drawn,
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from './test-journal.ts';
import { answerHolds, limitAt, placer } from './test-placement.ts';

// Turns of very few events: what does not fit goes on in the next ones, whatever happens in between.

const MOST_EVENTS = 8;
const IOC: OrderTerms = { orderType: 'LIMIT', limitPrice: price('101'), timeInForce: 'IOC' };
const FOK: OrderTerms = { ...IOC, timeInForce: 'FOK' };

let now: number;
let store: MemoryJournalStore;
let desk: ReturnType<typeof startDesk>;
let place: ReturnType<typeof placer>;
/** What each turn recorded, since it is looked at. */
let turns: string[][];

function restart(mostEvents = MOST_EVENTS): void {
  desk = startDesk(store, { now: () => now, mostEvents });
  place = placer(desk, store);
}

const stop = (triggerPrice: string): { trigger: OrderTrigger } => ({
  trigger: {
    ...({ kind: 'STOP', source: 'BID_ASK', timeInForce: 'GTC' } as const),
    ...{ triggerPrice: price(triggerPrice), trailing: null, triggeredAt: null },
  },
});

/** Stores every turn, but for those that are to fail. */
function failTurns(failure: (types: readonly string[], turn: number) => Error | null): void {
  const commit = store.commit.bind(store);
  turns = [];
  store.commit = async (changes) => {
    const types = changes.events.map(({ type, order }) => `${order.accountId} ${type}`);
    turns.push(types);
    const failed = failure(types, turns.length);
    if (failed !== null) throw failed;
    return commit(changes);
  };
}

const statuses = (account: string) =>
  [...store.orders.values()]
    .filter(({ accountId }) => accountId === account)
    .map(({ state: { status } }) => status);

async function placeMany(count: number, account: string, side: 'BUY' | 'SELL', at: string) {
  const ids: OrderId[] = [];
  for (let index = 0; index < count; index += 1)
    ids.push((await place(account, side, '0.1', limitAt(at))).id);
  return ids;
}

/** A BUY whose hold is asked for. */
async function submit(account: string, ordered: string, at: string): Promise<OrderId> {
  const id = `sent-${account}` as OrderId;
  const names = { id, accountId: account as AccountId, clientOrderId: `${id}` as ClientOrderId };
  const asked = { side: 'BUY', quantity: quantity(ordered), terms: limitAt(at) } as const;
  await desk.engine.submit({ ...names, ...asked, symbol: SYMBOL }, INSTRUMENT);
  return id;
}

beforeEach(() => {
  now = NOW_MS;
  store = new MemoryJournalStore();
  restart();
});

describe('an order that takes more than a turn may record', () => {
  it('goes on in the next turns, before anything that came later', async () => {
    await placeMany(20, 'm', 'SELL', '100');
    failTurns(() => null);
    const taking = place('t', 'BUY', '1.5', IOC);
    const late = taking.then(() => place('z', 'BUY', '0.5', limitAt('100')));
    const { id } = await taking;
    // Asked for while the first one is on its way.
    await late;
    await desk.journal.idle();
    expect(Math.max(...turns.map(({ length }) => length))).toBeLessThanOrEqual(MOST_EVENTS + 2);
    expect(store.orders.get(id)).toMatchObject({ state: { status: 'FILLED' } });
    expect(turns.findLastIndex((types) => types.includes('t FILL'))).toBeLessThan(
      turns.findIndex((types) => types.includes('z ACCEPTED')),
    );
    expect(statuses('z')).toEqual(['FILLED']);
    expectConsistent(store);
  });

  it('comes to the same end wherever the process dies on the way', async () => {
    const ends = new Set<string>();
    for (let dies = 2; dies < 12; dies += 1) {
      store = new MemoryJournalStore();
      restart(1000);
      await placeMany(12, 'm', 'SELL', '100');
      restart();
      let isOver = false;
      const commit = store.commit.bind(store);
      failTurns((_types, turn) => {
        isOver ||= turn >= dies;
        return isOver ? new Error('the process died') : null;
      });
      await place('t', 'BUY', '1.5', IOC).catch(() => undefined);
      await desk.journal.idle();
      store.commit = commit;
      restart();
      await desk.journal.start();
      await answerHolds(desk, store);
      await desk.journal.idle();
      ends.add([...statuses('t'), ...statuses('m')].join());
      expect(drawn(desk.venue.book(SYMBOL))).toEqual([]);
      expectConsistent(store);
    }
    const filled = Array.from({ length: 12 }, () => 'FILLED').join();
    expect([...ends]).toEqual([`EXPIRED,${filled}`]);
  });

  it('is killed whole, and nothing of it traded, where it must be filled at once', async () => {
    await placeMany(12, 'm', 'SELL', '100');
    const killed = await place('t', 'BUY', '1', FOK);
    await desk.journal.idle();
    expect(store.orders.get(killed.id)).toMatchObject({
      state: { status: 'EXPIRED', expireReason: 'UNFILLED_FOK_ORDER' },
      filledQuantity: 0n,
    });
    const filled = await place('t', 'BUY', '0.4', FOK);
    await desk.journal.idle();
    expect(store.orders.get(filled.id)?.state.status).toBe('FILLED');
    expectConsistent(store);
  });

  it('takes an iceberg by one fill, however often that shows again', async () => {
    restart(1000);
    const iceberg = { ...NO_INSTRUCTIONS, displayQuantity: quantity('0.1') };
    for (const account of ['m', 'n'])
      await place(account, 'SELL', '1', limitAt('100'), { instructions: iceberg });
    const { id } = await place('t', 'BUY', '1.5', limitAt('100'));
    const fills = store.events.filter(({ fill }) => fill?.orderId === id);
    expect(fills.map(({ fill }) => fill?.quantity)).toEqual([quantity('0.7'), quantity('0.8')]);
    expect(drawn(desk.venue.book(SYMBOL)).map((line) => line.slice(0, 22))).toEqual([
      'SELL 10000 10000+20000',
      'SELL 10000 10000+10000',
    ]);
    expectConsistent(store);
  });
});

describe('the journal', () => {
  it('lets a market move trade as much as a turn may record, and the rest before anything else', async () => {
    await placeMany(30, 'm', 'BUY', '90');
    failTurns(() => null);
    desk.hear('80', '85');
    const moving = desk.journal.runThrough((turn) => matchMarketMove(turn, INSTRUMENT));
    const late = place('z', 'SELL', '0.1', limitAt('90'));
    await Promise.all([moving, late]);
    const fills = turns.map((types) => types.filter((type) => type === 'm FILL').length);
    expect(fills.filter((count) => count > 0)).toEqual([8, 8, 8, 6]);
    expect(statuses('m').every((status) => status === 'FILLED')).toBe(true);
    expectConsistent(store);
  });

  it('ends what is due while a market move goes on, and sets nothing off before that is over', async () => {
    restart(1000);
    desk.hear('99', '100');
    await place('stop', 'SELL', '0.1', limitAt('70'), stop('85'));
    const gtd = { ...limitAt('60'), timeInForce: 'GTD' } as OrderTerms;
    for (let count = 0; count < MOST_EVENTS; count += 1)
      await place('due', 'BUY', '0.1', gtd, { expireAt: now + 1 });
    await placeMany(30, 'm', 'BUY', '90');
    restart();
    await desk.journal.start();
    failTurns(() => {
      // From the second turn on they are due.
      if (turns.length === 1) now += 1;
      return null;
    });
    desk.hear('80', '85');
    await desk.journal.runThrough((turn) => matchMarketMove(turn, INSTRUMENT));
    await desk.journal.idle();
    expect(turns[1]).toEqual(Array.from({ length: MOST_EVENTS }, () => 'due EXPIRED'));
    expect(turns.findLastIndex((types) => types.includes('m FILL'))).toBeLessThanOrEqual(
      turns.findIndex((types) => types.includes('stop TRIGGERED')),
    );
    expect(statuses('stop')).toEqual(['FILLED']);
    expectConsistent(store);
  });

  it('makes turns smaller when the store does not take them in time, and comes to the end', async () => {
    restart(1000);
    await placeMany(100, 'm', 'SELL', '100');
    failTurns((types) => (types.length > 40 ? new Error('statement timeout') : null));
    const id = await submit('t', '10', '100');
    let tries = 0;
    while (store.orders.get(id)?.state.status === 'SUBMITTED' && (tries += 1) < 10)
      await answerHolds(desk, store).catch(() => undefined);
    for (; store.orders.get(id)?.state.status !== 'FILLED' && tries < 40; tries += 1)
      await desk.journal.start().catch(() => undefined);
    expect(store.orders.get(id)?.state.status).toBe('FILLED');
    expectConsistent(store);
  });

  it('sets one order aside whose trigger no store can record, and all others go on', async () => {
    restart(1000);
    desk.hear('99', '100');
    const bad = await place('bad', 'SELL', '0.1', limitAt('90'), stop('95'));
    await place('good', 'SELL', '0.1', limitAt('90'), stop('95'));
    failTurns((types) =>
      types.includes('bad TRIGGERED') ? new TurnRefusedError(new Error('a check')) : null,
    );
    desk.hear('94', '95');
    const [other] = await Promise.all([
      place('z', 'BUY', '0.1', limitAt('50')),
      desk.journal.run(() => undefined),
    ]);
    expect(store.orders.get(bad.id)?.state).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'TECHNICAL',
    });
    expect(store.outbox).toContainEqual({
      releaseHold: { holdId: bad.id, accountId: 'bad', orderId: bad.id },
    });
    expect(statuses('good')).toEqual(['FILLED']);
    expect(other.state.status).toBe('ACCEPTED');
    expectConsistent(store);
  });

  it('names an order whose hold is short, and lets the one that met it go on with the next', async () => {
    restart(1000);
    const short = await place('bad', 'BUY', '0.1', limitAt('100'));
    await place('good', 'BUY', '0.1', limitAt('100'));
    const stored = store.orders.get(short.id);
    if (stored?.hold == null) throw new Error('the order has no hold');
    const hold = { ...stored.hold, remaining: stored.hold.remaining / 2n } as typeof stored.hold;
    store.orders.set(short.id, { ...stored, hold });
    restart(1000);
    const { id } = await place('t', 'SELL', '0.1', limitAt('100'));
    await desk.journal.idle();
    expect(statuses('bad')).toEqual(['CANCELED']);
    expect(statuses('good')).toEqual(['FILLED']);
    expect(store.orders.get(id)?.state.status).toBe('FILLED');
  });
});

describe('a halt', () => {
  it('goes on after a crash in the middle of it, and nothing trades before', async () => {
    restart(1000);
    await placeMany(30, 'm', 'BUY', '90');
    restart();
    const commit = store.commit.bind(store);
    failTurns((_types, turn) => (turn > 1 ? new Error('the process died') : null));
    const set = { scope: { kind: 'desk' }, tradingState: 'HALTED' } as const;
    const halting = desk.safety.setTradingState({ ...set, reason: 'a drill', actor: 'u' });
    await expect(halting).rejects.toThrow();
    expect(statuses('m').filter((status) => status === 'CANCELED')).toHaveLength(MOST_EVENTS);
    store.commit = commit;
    restart();
    desk.hear('80', '85');
    await desk.journal.runThrough((turn) => matchMarketMove(turn, INSTRUMENT));
    expect(new Set(statuses('m'))).toEqual(new Set(['CANCELED']));
    expectConsistent(store);
  });

  it('takes what is in flight off before its hold is answered', async () => {
    restart(1000);
    await placeMany(30, 'm', 'BUY', '90');
    await place('s', 'SELL', '1', limitAt('101'));
    restart();
    await desk.journal.start();
    await submit('z', '1', '101');
    const set = { scope: { kind: 'desk' }, tradingState: 'HALTED' } as const;
    const halting = desk.safety.setTradingState({ ...set, reason: 'a drill', actor: 'u' });
    const [{ canceled }] = await Promise.all([halting, answerHolds(desk, store)]);
    expect(canceled).toHaveLength(32);
    expect([...store.orders.values()].every(isClosed)).toBe(true);
    expect(store.events.filter(({ fill }) => fill !== null)).toEqual([]);
    expectConsistent(store);
  });
});
