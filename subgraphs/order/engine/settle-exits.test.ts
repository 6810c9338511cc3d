import { describe, expect, it } from 'vitest';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { NO_LINK, type OrderLink } from '../domain/order-link.ts';
import { money, price, quantity } from '../domain/test-orders.ts';
import { expectConsistent, INSTRUMENT, MemoryJournalStore, startDesk } from './test-journal.ts';
import { answerHolds, limitAt, placer } from './test-placement.ts';
import { MARKET } from './test-waiting.ts';

describe('the exit of a BUY', () => {
  it.each([
    ['CANCEL_TAKER', 'CANCELED', 'ACCEPTED'],
    ['CANCEL_MAKER', 'FILLED', 'CANCELED'],
  ] as const)(
    'that prevents self-trades by %s does so too: it is %s, and a BUY in its way %s',
    async (selfTradePrevention, status, inTheWay) => {
      const store = new MemoryJournalStore();
      const desk = startDesk(store);
      const place = placer(desk, store);
      desk.hear('90', '110');
      const other = await place('a', 'BUY', '1', limitAt('91'));
      await place('b', 'SELL', '1', limitAt('100'));
      const stop = { triggerPrice: price('95'), source: 'BID_ASK', limitPrice: price('85') };
      const entry = await place('a', 'BUY', '1', limitAt('100'), {
        instructions: { ...NO_INSTRUCTIONS, selfTradePrevention },
        link: { ...NO_LINK, exit: { takeProfitPrice: price('105'), stop } } as OrderLink,
      });
      await answerHolds(desk, store);
      const exit = [...store.orders.values()].find(({ link }) => link.parentOrderId === entry.id);
      expect(exit?.state.status).toBe(status);
      expect(store.orders.get(other.id)?.state.status).toBe(inTheWay);
    },
  );

  it('by quote quantity is placed, and can be moved, if it bought more than an order can have', async () => {
    const store = new MemoryJournalStore();
    const desk = startDesk(store);
    const place = placer(desk, store);
    desk.hear('60', '101');
    // Clients sell for less than the market.
    await place('b', 'SELL', '100', limitAt('65'));
    await place('c', 'SELL', '60', limitAt('65'));
    const stop = { triggerPrice: price('55'), source: 'BID_ASK', limitPrice: price('50') } as const;
    const entry = await place('a', 'BUY', '0', MARKET, {
      instructions: { ...NO_INSTRUCTIONS, quoteQuantity: money('10000') },
      link: { ...NO_LINK, exit: { takeProfitPrice: null, stop } },
    });
    expect(entry.filledQuantity).toBeGreaterThan(INSTRUMENT.maxQuantity);
    await answerHolds(desk, store);
    const exit = [...store.orders.values()].find(({ link }) => link.parentOrderId === entry.id);
    expect(exit).toMatchObject({ quantity: entry.filledQuantity, state: { status: 'ACCEPTED' } });
    const { id } = exit ?? expect.fail('there is no exit');
    const change = (amendId: string, changes: object) =>
      desk.engine.amend(id, { amendId, expectedVersion: null, changes }, INSTRUMENT);
    expect(await change('move', { triggerPrice: price('56') })).toMatchObject({ kind: 'amended' });
    expect(await change('shrink', { quantity: quantity('101') })).toMatchObject({
      violations: [{ reason: 'QUANTITY_EXCEEDS_MAXIMUM' }],
    });
    expectConsistent(store);
  });
});
