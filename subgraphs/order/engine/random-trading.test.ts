import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { isClosed, isOpen, unfilledQuantity } from '../domain/order.ts';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { money, price } from '../domain/test-orders.ts';
import { matchMarketMove } from './match-market-move.ts';
import {
  drawn,
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from './test-journal.ts';
import { answerAmends, limitAt, placer } from './test-placement.ts';
import { type AskedOrder, askedOrder, priceText, ticks } from './test-random-orders.ts';

// Random orders of every kind, changed and canceled, on a desk whose store is in memory.

const KINDS = ['GTC', 'IOC', 'FOK', 'MARKET', 'BY_QUOTE', 'REJECT', 'REPRICE', 'ICEBERG'] as const;
const which = fc.nat({ max: 1000 });
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ place: askedOrder(['a', 'b'], KINDS) }) },
  fc.record({ cancel: which }),
  fc.record({
    amend: which,
    ticks,
    percent: fc.integer({ min: 10, max: 200 }),
    isFree: fc.boolean(),
  }),
  fc.record({ market: ticks }),
  fc.record({ cancelAll: fc.constantFrom('a', 'b') }),
);

type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;
type Desk = ReturnType<typeof startDesk>;

/** Runs commands one after the other, each to its end. @param mostEvents of a turn */
async function trade(commands: readonly Command[], mostEvents?: number) {
  const store = new MemoryJournalStore();
  const desk = startDesk(store, { mostEvents });
  const place = placer(desk, store);
  for (const [index, next] of commands.entries()) {
    if ('place' in next) {
      const { account, side, quantity: ordered, terms, instructions } = next.place;
      await place(account, side, ordered, terms, { instructions });
    } else if ('cancelAll' in next) {
      const accountId = next.cancelAll as AccountId;
      await desk.safety.cancelAll({ accountId, symbol: null, side: null });
    } else if ('market' in next) await moveMarket(desk, next.market);
    else await changeOne(desk, store, next, index);
    await desk.journal.idle();
    expectConsistent(store);
    expectWhole(store);
  }
  return { store, desk };
}

async function moveMarket({ hear, journal }: Desk, bid: number) {
  hear(priceText(bid), priceText(bid + 3), '0.7');
  await journal.runThrough((turn) => matchMarketMove(turn, INSTRUMENT));
}

async function changeOne(
  desk: Desk,
  store: MemoryJournalStore,
  next: Extract<Command, { cancel: number } | { amend: number }>,
  index: number,
) {
  const orders = [...store.orders.values()].filter((order) => !isClosed(order));
  const order = orders[('cancel' in next ? next.cancel : next.amend) % orders.length];
  if (order === undefined) return;
  if ('cancel' in next) return void (await desk.engine.cancel(order.id));
  const { quantityStep } = INSTRUMENT;
  const steps = (order.quantity * BigInt(next.percent)) / (100n * quantityStep);
  const changes = {
    quantity: quantityOfUnits(steps * quantityStep),
    limitPrice: price(priceText(next.ticks)),
  };
  const command = { amendId: `a-${index}`, expectedVersion: null, changes };
  const amending = desk.engine.amend(order.id, command, INSTRUMENT);
  await desk.journal.run(() => undefined);
  const kind = next.isFree ? 'APPLIED' : 'INSUFFICIENT_FUNDS';
  await answerAmends(desk, store, { kind, free: null });
  await amending;
}

/** Nothing of an order is lost, what was prevented is told, and no account trades with itself. */
function expectWhole({ orders, preventedMatches, events }: MemoryJournalStore): void {
  for (const order of orders.values()) {
    const prevented = preventedMatches.reduce(
      (sum, match) =>
        sum +
        (match.takerOrderId === order.id ? match.takerQuantity : 0n) +
        (match.makerOrderId === order.id ? match.makerQuantity : 0n),
      0n,
    );
    invariant(order.preventedQuantity === prevented, 'what was prevented is told');
    const left = unfilledQuantity(order);
    invariant(isOpen(order) ? left > 0n : left >= 0n, 'an open order has something left');
    if (!isOpen(order) || order.state.shownQuantity === null) continue;
    const { shownQuantity } = order.state;
    const { displayQuantity } = order.instructions;
    invariant(shownQuantity > 0n && shownQuantity <= left, 'an iceberg shows what it has');
    invariant(shownQuantity <= (displayQuantity ?? 0n), 'an iceberg hides the rest');
  }
  const accounts = new Map<string, string>();
  for (const { fill } of events) {
    if (fill === null) continue;
    invariant(accounts.get(fill.tradeId) !== fill.accountId, 'nobody trades with himself');
    accounts.set(fill.tradeId, fill.accountId);
  }
}

/** What became of each order. */
function endsOf({ orders }: MemoryJournalStore) {
  return [...orders.values()].map(({ id, state, ...order }) => {
    const end = 'expireReason' in state ? state.expireReason : null;
    const { quantity, filledQuantity, filledNotional, preventedQuantity } = order;
    return [id, state.status, end, quantity, filledQuantity, filledNotional, preventedQuantity];
  });
}

/** Side, id, price and shape of each resting order, in its order. */
function bookOf({ venue }: Desk): readonly string[] {
  return drawn(venue.book(SYMBOL));
}

const LIMIT_BUY: AskedOrder = {
  account: 'a',
  side: 'BUY',
  quantity: '0.00001',
  terms: limitAt('99.90'),
  instructions: NO_INSTRUCTIONS,
};
const OWN_ORDER_MET_BY_QUOTE: Command[] = [
  { market: 9990 },
  { place: LIMIT_BUY },
  {
    place: {
      account: 'a',
      side: 'SELL',
      quantity: '0',
      terms: { orderType: 'MARKET', timeInForce: 'IOC' },
      instructions: {
        ...NO_INSTRUCTIONS,
        ...{ selfTradePrevention: 'DECREMENT', quoteQuantity: money('0.002') },
      },
    },
  },
];

describe('any trading', { timeout: 120_000 }, () => {
  it('keeps every order whole, and its book is the same when it is rebuilt from the store', async () => {
    let [amended, prevented] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 30 }), async (commands) => {
        const { store, desk } = await trade(commands);
        amended += store.events.filter(({ type }) => type === 'AMENDED').length;
        prevented += store.preventedMatches.length;
        const restarted = startDesk(store);
        await restarted.journal.start();
        expect(bookOf(restarted)).toEqual(bookOf(desk));
      }),
      { numRuns: 200 },
    );
    // Of use only if enough of what is rare happens.
    expect([amended > 20, prevented > 20]).toEqual([true, true]);
  });

  it('comes to the same however little a turn may record', async () => {
    let parted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { minLength: 5, maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (drawnCommands, mostEvents) => {
          // One that is to be filled or killed may be too large for a small turn.
          const commands = drawnCommands.filter(
            (one) => !('place' in one) || one.place.terms.timeInForce !== 'FOK',
          );
          const [whole, small] = [await trade(commands), await trade(commands, mostEvents)];
          expect(endsOf(small.store)).toEqual(endsOf(whole.store));
          expect(bookOf(small.desk)).toEqual(bookOf(whole.desk));
          parted += small.store.wasArriving;
        },
      ),
      // What an order by quote quantity was kept from trading with itself is off what it may trade for in the next turn.
      { numRuns: 60, examples: [[OWN_ORDER_MET_BY_QUOTE, 1]] },
    );
    expect(parted).toBeGreaterThan(20);
  });

  it('gives the same events when the same commands come again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 20 }), async (commands) => {
        const [first, second] = [await trade(commands), await trade(commands)];
        expect(second.store.events).toEqual(first.store.events);
      }),
      { numRuns: 50 },
    );
  });
});
