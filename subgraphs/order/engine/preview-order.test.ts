import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountId,
  type ClientOrderId,
  type OrderId,
  parseOrderId,
  trusted,
} from '#shared/domain/ids.ts';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import type { NewOrder } from '../domain/order-progress.ts';
import type { PreviewEnd } from '../domain/order-preview.ts';
import type { OrderStatus } from '../domain/order.ts';
import { price, quantity } from '../domain/test-orders.ts';
import { drawn, INSTRUMENT, MemoryJournalStore, startDesk, SYMBOL } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';
import { askedOrder, priceText, ticks } from './test-random-orders.ts';

// A random book and house, then one order: previewed, and placed on the book that it left.

const maker = askedOrder(['b', 'c', 'd'], ['GTC', 'REPRICE']);
const taker = askedOrder(
  ['a', 'b'],
  ['GTC', 'IOC', 'FOK', 'MARKET', 'BY_QUOTE', 'REJECT', 'REPRICE', 'ICEBERG'],
);
const ENDS: Partial<Record<OrderStatus, PreviewEnd>> = {
  FILLED: 'FILLED',
  EXPIRED: 'EXPIRES',
  CANCELED: 'CANCELED',
  REJECTED: 'REJECTED',
};

describe('a preview', () => {
  it('meets of an iceberg only what it shows', async () => {
    const store = new MemoryJournalStore();
    const desk = startDesk(store);
    const place = placer(desk, store);
    const instructions = { ...NO_INSTRUCTIONS, displayQuantity: quantity('0.2') };
    await place('b', 'SELL', '2', limitAt('100'), { instructions });
    await place('c', 'SELL', '0.1', limitAt('101'));
    const terms = { orderType: 'LIMIT', limitPrice: price('101'), timeInForce: 'IOC' } as const;
    const asked: NewOrder = {
      ...{ id: 'p' as OrderId, accountId: 'a' as AccountId, clientOrderId: 'p' as ClientOrderId },
      ...{ symbol: SYMBOL, side: 'BUY', quantity: quantity('1'), terms },
    };
    const { execution } = await desk.engine.preview(asked, INSTRUMENT);
    expect(execution).toMatchObject({
      order: { filledQuantity: quantity('0.3') },
      end: 'EXPIRES',
    });
    const { filledQuantity } = await place('a', 'BUY', '1', terms);
    expect(filledQuantity).toBe(quantity('1'));
  });

  it('agrees with what placing then does on the same book, to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(maker, { maxLength: 12 }),
        fc.option(ticks, { nil: null }),
        taker,
        async (makers, houseBid, order) => {
          const store = new MemoryJournalStore();
          const desk = startDesk(store);
          if (houseBid !== null) desk.hear(priceText(houseBid), priceText(houseBid + 3), '0.7');
          const place = placer(desk, store);
          for (const { account, side, quantity: ordered, terms, instructions } of makers)
            await place(account, side, ordered, terms, { instructions });

          const asked: NewOrder = {
            id: trusted(parseOrderId, 'preview'),
            accountId: order.account as AccountId,
            clientOrderId: 'preview' as ClientOrderId,
            symbol: SYMBOL,
            side: order.side,
            quantity: quantity(order.quantity),
            terms: order.terms,
            instructions: order.instructions,
          };
          const [before, events] = [drawn(desk.venue.book(SYMBOL)), store.events.length];
          const { violations, hold, execution } = await desk.engine.preview(asked, INSTRUMENT);
          expect(drawn(desk.venue.book(SYMBOL))).toEqual(before);
          expect(store.events).toHaveLength(events);

          const { account, side, quantity: ordered, terms, instructions } = order;
          const placed = await place(account, side, ordered, terms, { instructions });
          if (placed.state.status === 'DENIED') {
            expect(violations).toEqual(placed.state.violations);
            return;
          }
          expect(violations).toEqual([]);
          expect(hold?.placed).toBe(placed.hold?.placed);
          expect(execution?.order).toMatchObject({
            quantity: placed.quantity,
            filledQuantity: placed.filledQuantity,
            filledNotional: placed.filledNotional,
            fees: placed.fees,
          });
          expect(execution?.end).toBe(ENDS[placed.state.status] ?? 'RESTS');
        },
      ),
      { numRuns: 300 },
    );
  });
});
