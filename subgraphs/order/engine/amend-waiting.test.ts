import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invariant } from '#shared/domain/invariant.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { holdShortfall } from '../domain/order-amend.ts';
import { worstPriceBehind, worstPriceOnceMet } from '../domain/rules/order-rule.ts';
import type { OrderTrigger } from '../domain/order-trigger.ts';
import { isOpen, isWaiting, type OrderTerms } from '../domain/order.ts';
import { aQuote, price, units } from '../domain/test-orders.ts';
import { expectConsistent, INSTRUMENT, MemoryJournalStore, startDesk } from './test-journal.ts';
import { answerAmends, placer } from './test-placement.ts';

// Waiting orders are changed while the market moves; what each may trade at has to be held at any moment.

const MARKET: OrderTerms = { orderType: 'MARKET', timeInForce: 'IOC' };
const COLLARS = ['0.1', '0.5', '0.9'].map((rate) => ({ ...INSTRUMENT, collarRate: units(rate) }));

const step = fc.record({
  /** The best bid from now on; the ask is one above. */
  bid: fc.integer({ min: 90, max: 110 }),
  /** And where it is once the change is made. */
  after: fc.integer({ min: 90, max: 110 }),
  /** Whether the journal has a turn between the market's move and the change. */
  isSettled: fc.boolean(),
  percent: fc.integer({ min: 50, max: 120 }),
  /** Where a plain stop is moved to, away from the market. */
  away: fc.option(fc.integer({ min: 1, max: 20 })),
});
const waiting = fc.record({
  side: fc.constantFrom('BUY' as const, 'SELL' as const),
  offset: fc.option(fc.integer({ min: 1, max: 5 })),
});

function triggerOf(triggerPrice: string, offset: number | null): OrderTrigger {
  return {
    kind: offset === null ? 'STOP' : 'TRAILING_STOP',
    source: 'BID_ASK',
    timeInForce: 'GTC',
    triggerPrice: price(offset === null ? triggerPrice : '0'),
    trailing: offset === null ? null : { type: 'PRICE', offset: units(`${offset}`) },
    triggeredAt: null,
  };
}

async function changeThroughMoves(
  { side, offset }: typeof waiting extends fc.Arbitrary<infer One> ? One : never,
  steps: readonly (typeof step extends fc.Arbitrary<infer One> ? One : never)[],
) {
  const store = new MemoryJournalStore();
  const desk = startDesk(store);
  const hear = (bid: number) => desk.hear(`${bid}`, `${bid + 1}`);
  hear(100);
  const far = side === 'BUY' ? '130' : '70';
  const trigger = triggerOf(far, offset);
  const { id } = await placer(desk, store)('a', side, '1', MARKET, { trigger });
  for (const [number, { bid, after, isSettled, percent, away }] of steps.entries()) {
    hear(bid);
    if (isSettled) await desk.journal.run(() => undefined);
    const order = store.orders.get(id);
    invariant(order !== undefined, 'the order is stored');
    if (!isWaiting(order)) break;
    const parts = (order.quantity * BigInt(percent)) / (100n * INSTRUMENT.quantityStep);
    const moved = side === 'BUY' ? bid + 1 + (away ?? 0) : bid - (away ?? 0);
    const changes = {
      quantity: quantityOfUnits(parts * INSTRUMENT.quantityStep),
      ...(offset === null && away !== null ? { triggerPrice: price(`${moved}`) } : {}),
    };
    const command = { amendId: `a-${number}`, expectedVersion: null, changes };
    // Not waited for: an order that is set off while more is asked for may have ended.
    void desk.engine.amend(id, command, INSTRUMENT);
    // In the same turn, so that no trigger has seen where the market was when the order was changed.
    await desk.journal.run(() => {
      hear(after);
    });
    await answerAmends(desk, store);
    expectConsistent(store);
    expectHeld(store, id);
  }
  return orderAmends(store, id);
}

function orderAmends({ orders }: MemoryJournalStore, id: string): number {
  return orders.get(id)?.amends.length ?? 0;
}

function expectHeld({ orders }: MemoryJournalStore, id: string): void {
  const order = orders.get(id);
  if (order === undefined || !isOpen(order) || order.trigger === null || !isWaiting(order)) return;
  const { triggerPrice } = order.trigger;
  // No collar has changed, so the hold reaches as far as the order may go.
  const behind = worstPriceBehind(order.side, triggerPrice, INSTRUMENT);
  const quote = aQuote({ bidPrice: triggerPrice, askPrice: triggerPrice });
  expect(worstPriceOnceMet(order, triggerPrice, quote, INSTRUMENT)).toBe(behind);
  for (const instrument of COLLARS) {
    const worst = worstPriceOnceMet(order, triggerPrice, quote, instrument);
    expect(holdShortfall(order, worst, instrument)).toBe(0n);
  }
}

describe('a waiting order that is changed', () => {
  it('holds what it may cost once it is set off, whatever the market did meanwhile', async () => {
    let amended = 0;
    await fc.assert(
      fc.asyncProperty(
        waiting,
        fc.array(step, { minLength: 1, maxLength: 6 }),
        async (one, steps) => {
          amended += await changeThroughMoves(one, steps);
        },
      ),
      { numRuns: 100 },
    );
    // Of use only if enough of what is asked for is made.
    expect(amended).toBeGreaterThan(50);
  });
});
