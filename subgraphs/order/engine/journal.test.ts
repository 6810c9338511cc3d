import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ONE } from '#shared/domain/decimal.ts';
import { type AccountId, type ClientOrderId, parseOrderId, trusted } from '#shared/domain/ids.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { money, NOW_MS, quantity } from '../domain/test-orders.ts';
import { NO_LIMIT } from '../domain/book/match-limit.ts';
import { bookTrade } from './book-trade.ts';
import { resolveHold } from './resolve-hold.ts';
import {
  drawn,
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

// The journal, the venue and the house on a store in memory, driven by random commands: after each
// of them the books in memory are what the store would give, and every hold is accounted for.

const sideOf = fc.constantFrom('BUY' as const, 'SELL' as const);
const aPlacement = fc.record({
  kind: fc.constant('place' as const),
  account: fc.constantFrom('a', 'b', 'c'),
  side: sideOf,
  ticks: fc.integer({ min: 9996, max: 10_004 }),
  steps: fc.integer({ min: 1, max: 500 }),
  terms: fc.constantFrom('GTC' as const, 'IOC' as const, 'MARKET' as const),
  failsAt: fc.constantFrom(null, null, null, 'submit' as const, 'match' as const),
});
const aMarket = fc.record({
  kind: fc.constant('market' as const),
  bid: fc.integer({ min: 9992, max: 10_002 }),
  width: fc.integer({ min: 1, max: 10 }),
  steps: fc.integer({ min: 1, max: 300 }),
});
const commands = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: aPlacement },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), nth: fc.nat(50) }) },
    { weight: 3, arbitrary: aMarket },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  ),
  { minLength: 30, maxLength: 60 },
);
type Command = typeof commands extends fc.Arbitrary<(infer Each)[]> ? Each : never;

/** Carries out one command, as the saga and the market watch would. */
async function carryOut(
  desk: ReturnType<typeof startDesk>,
  store: MemoryJournalStore,
  command: Exclude<Command, { kind: 'restart' }>,
): Promise<void> {
  const { journal, venue, house, engine } = desk;
  const price = (ticks: number) => `${ticks / 100}`;
  switch (command.kind) {
    case 'cancel': {
      const orders = [...store.orders.keys()];
      const id = orders[command.nth % Math.max(orders.length, 1)];
      if (id !== undefined) await engine.cancel(trusted(parseOrderId, id));
      return;
    }
    case 'market': {
      const size = `${command.steps / 100_000}`;
      house.hear({
        symbol: SYMBOL,
        sequence: '1',
        bids: [[price(command.bid), size]],
        asks: [[price(command.bid + command.width), size]],
        receivedAtMs: NOW_MS,
        suspended: false,
        status: 'TRADING',
      });
      await journal.run((turn) => {
        const next = () => turn.state.nextPriority();
        for (const trade of venue.matchAfterMarketMove(INSTRUMENT, next, NO_LIMIT)) {
          const order = turn.state.liveOrder(trade.orderId);
          bookTrade(turn, {
            ...trade,
            instrument: INSTRUMENT,
            parties: [{ order, liquiditySide: 'MAKER' }],
          });
        }
      });
      expect(venue.isReachedByMarket(INSTRUMENT)).toBe(false);
      return;
    }
    case 'place':
      return placeOne(desk, store, command);
  }
}

async function placeOne(
  { journal, engine, newId }: ReturnType<typeof startDesk>,
  store: MemoryJournalStore,
  command: Extract<Command, { kind: 'place' }>,
): Promise<void> {
  const { terms, ticks, steps, side } = command;
  const limitPrice = priceOfUnits((BigInt(ticks) * ONE) / 100n);
  const id = trusted(parseOrderId, newId());
  const order = {
    id,
    accountId: command.account as AccountId,
    clientOrderId: id as string as ClientOrderId,
    symbol: SYMBOL,
    side,
    quantity: quantityOfUnits((BigInt(steps) * ONE) / 100_000n),
    terms:
      terms === 'MARKET'
        ? ({ orderType: 'MARKET', timeInForce: 'IOC' } as const)
        : ({ orderType: 'LIMIT', limitPrice, timeInForce: terms } as const),
  };
  store.failsNext = command.failsAt === 'submit';
  const submitted = await engine.submit(order, INSTRUMENT).catch(() => null);
  if (submitted === null) return expect(store.orders.has(id)).toBe(false);
  if (submitted.order.state.status !== 'SUBMITTED') return;
  const outcome = { kind: 'APPLIED', free: null } as const;
  const resolve = () =>
    journal.run((turn) => resolveHold(turn, { orderId: id, outcome, instrument: INSTRUMENT }));
  store.failsNext = command.failsAt === 'match';
  const isLost = store.failsNext;
  // A turn that was not stored is repeated, as the saga does; the second time counts once.
  await (isLost ? expect(resolve()).rejects.toThrow().then(resolve) : resolve());
  expect(store.orders.get(id)?.state.status).not.toBe('SUBMITTED');
}

describe('the journal', () => {
  it('keeps its books as the store would give them, and accounts for every hold', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        const store = new MemoryJournalStore();
        let desk = startDesk(store);
        for (const command of list) {
          if (command.kind === 'restart') desk = startDesk(store);
          else await carryOut(desk, store, command);
          await desk.journal.start();
          const rebuilt = startDesk(store);
          await rebuilt.journal.start();
          expect(drawn(desk.venue.book(SYMBOL))).toEqual(drawn(rebuilt.venue.book(SYMBOL)));
          expectConsistent(store);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('stores what waits together in one turn, and answers only then', async () => {
    const store = new MemoryJournalStore();
    const { journal } = startDesk(store);
    await journal.start();
    const turns = new Set<unknown>();
    const results = await Promise.all(
      [1, 2, 3].map((n) =>
        journal.run((turn) => {
          turns.add(turn);
          return n;
        }),
      ),
    );
    expect(results).toEqual([1, 2, 3]);
    expect(turns.size).toBe(1);
  });

  it('lets the house have no more than its limit, though its market is quoted again before a turn is stored', async () => {
    const store = new MemoryJournalStore();
    const skew = { bps: 0, inventoryLimit: money('100') };
    const desk = startDesk(store, { skew });
    const place = placer(desk, store);
    const hear = () => desk.hear('100.00', '100.01', '5');
    const commit = store.commit.bind(store);
    store.commit = async (changes) => {
      // Between a trade and its being stored, and not again before the next one.
      if (changes.events.some(({ fill }) => fill !== null)) {
        hear();
        desk.venue.isReachedByMarket(INSTRUMENT);
      }
      return commit(changes);
    };
    hear();
    await place('c', 'BUY', '1', limitAt('90'));
    const market = { orderType: 'MARKET', timeInForce: 'IOC' } as const;
    const filled = [];
    for (const size of ['0.7', '0.7', '0.7'])
      filled.push((await place('a', 'BUY', size, market)).filledQuantity);
    expect(filled).toEqual([quantity('0.7'), quantity('0.3'), quantity('0')]);
  });

  it('denies what has its hold when the instrument has stopped meanwhile, and gives the hold back', async () => {
    const store = new MemoryJournalStore();
    const { journal, venue, engine } = startDesk(store);
    const id = trusted(parseOrderId, 'late');
    const order = {
      ...{ id, accountId: 'a' as AccountId, clientOrderId: 'late' as ClientOrderId },
      ...{ symbol: SYMBOL, quantity: quantity('1'), terms: limitAt('100') },
      side: 'BUY',
    } as const;
    await engine.submit(order, INSTRUMENT);
    const instrument = { ...INSTRUMENT, status: 'HALTED' } as const;
    const outcome = { kind: 'APPLIED', free: null } as const;
    await journal.run((turn) => resolveHold(turn, { orderId: id, outcome, instrument }));
    expect(store.orders.get(id)?.state).toMatchObject({
      status: 'DENIED',
      violations: [{ reason: 'INSTRUMENT_NOT_TRADING' }],
    });
    expect(drawn(venue.book(SYMBOL))).toEqual([]);
    expect(store.outbox).toMatchObject([{ releaseHold: { orderId: id } }]);
    expectConsistent(store);
  });

  it('does not let a command that breaks an invariant fail the others of its turn', async () => {
    const { journal } = startDesk(new MemoryJournalStore());
    const [bad, good] = await Promise.allSettled([
      journal.run((turn) => turn.state.liveOrder(trusted(parseOrderId, 'absent'))),
      journal.run(() => 'done'),
    ]);
    expect(bad.status).toBe('rejected');
    expect(good).toEqual({ status: 'fulfilled', value: 'done' });
  });

  it('does not blame what came before it and recorded nothing', async () => {
    const { journal } = startDesk(new MemoryJournalStore());
    const [good, bad] = await Promise.allSettled([
      journal.run(() => 'done'),
      journal.run((turn) => turn.state.liveOrder(trusted(parseOrderId, 'absent'))),
    ]);
    expect(good).toEqual({ status: 'fulfilled', value: 'done' });
    expect(bad.status).toBe('rejected');
  });
});
