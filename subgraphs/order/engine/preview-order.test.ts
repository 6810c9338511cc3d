import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountId, type ClientOrderId, parseOrderId, trusted } from '#shared/domain/ids.ts';
import type { NewOrder } from '../domain/order-progress.ts';
import type { OrderTerms } from '../domain/order.ts';
import { NOW_MS, price, quantity } from '../domain/test-orders.ts';
import { drawn, INSTRUMENT, MemoryJournalStore, startDesk, SYMBOL } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

// A random book and house, then one order: previewed, and placed on the book that it left.

const side = fc.constantFrom('BUY' as const, 'SELL' as const);
const ticks = fc.integer({ min: 9990, max: 10_010 });
const steps = fc.integer({ min: 1, max: 300_000 });
const resting = fc.record({ account: fc.constantFrom('b', 'c', 'd'), side, ticks, steps });
const wanted = fc.record({
  account: fc.constantFrom('a', 'b'),
  side,
  ticks,
  steps,
  kind: fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const, 'MARKET' as const),
});

const priceText = (count: number) => `${count / 100}`;
const quantityText = (count: number) => (count / 100_000).toFixed(5);

function termsOf({ kind, ticks: count }: { kind: string; ticks: number }): OrderTerms {
  if (kind === 'MARKET') return { orderType: 'MARKET' };
  const limitPrice = price(priceText(count));
  return { orderType: 'LIMIT', limitPrice, timeInForce: kind as 'GTC' | 'IOC' | 'FOK' };
}

describe('a preview', () => {
  it('agrees with what placing then does on the same book, to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(resting, { maxLength: 12 }),
        fc.option(ticks, { nil: null }),
        wanted,
        async (makers, houseBid, order) => {
          const store = new MemoryJournalStore();
          const desk = startDesk(store);
          if (houseBid !== null)
            desk.house.hear({
              symbol: SYMBOL,
              sequence: '1',
              bids: [[priceText(houseBid), '0.7']],
              asks: [[priceText(houseBid + 3), '0.7']],
              receivedAtMs: NOW_MS,
              suspended: false,
            });
          const place = placer(desk, store);
          for (const maker of makers)
            await place(
              maker.account,
              maker.side,
              quantityText(maker.steps),
              limitAt(priceText(maker.ticks)),
            );

          const asked: NewOrder = {
            id: trusted(parseOrderId, 'preview'),
            accountId: order.account as AccountId,
            clientOrderId: 'preview' as ClientOrderId,
            symbol: SYMBOL,
            side: order.side,
            quantity: quantity(quantityText(order.steps)),
            terms: termsOf(order),
          };
          const [before, events] = [drawn(desk.venue.book(SYMBOL)), store.events.length];
          const { violations, hold, execution } = await desk.engine.preview(asked, INSTRUMENT);
          expect(drawn(desk.venue.book(SYMBOL))).toEqual(before);
          expect(store.events).toHaveLength(events);

          const placed = await place(
            order.account,
            order.side,
            quantityText(order.steps),
            termsOf(order),
          );
          if (placed.state.status === 'DENIED') {
            expect(violations).toEqual(placed.state.violations);
            return;
          }
          expect(violations).toEqual([]);
          expect(hold?.placed).toBe(placed.hold?.placed);
          expect(execution?.order).toMatchObject({
            filledQuantity: placed.filledQuantity,
            filledNotional: placed.filledNotional,
            fees: placed.fees,
          });
          const ends = { FILLED: 'FILLED', EXPIRED: 'EXPIRES', CANCELED: 'CANCELED' } as const;
          const { status } = placed.state;
          expect(execution?.end).toBe(
            status === 'FILLED' || status === 'EXPIRED' || status === 'CANCELED'
              ? ends[status]
              : 'RESTS',
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
