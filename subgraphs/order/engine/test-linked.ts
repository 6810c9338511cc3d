import type { OrderId } from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';
import type { OrderChanges } from '../domain/order-amend.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { type ExitPlan, NO_LINK, type StopLeg } from '../domain/order-link.ts';
import type { TriggerSource } from '../domain/order-trigger.ts';
import { NOW_MS, price } from '../domain/test-orders.ts';
import { drawn, INSTRUMENT, MemoryJournalStore, startDesk, SYMBOL } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

/** A stop leg that waits. */
export const leg = (
  triggerPrice: string,
  limitPrice: string,
  source: TriggerSource = 'LAST_PRICE',
): Omit<StopLeg, 'triggeredAt'> => ({
  triggerPrice: price(triggerPrice),
  source,
  limitPrice: price(limitPrice),
});
/** One cancels other. */
export const oco = (triggerPrice: string, limitPrice: string) => ({
  link: { ...NO_LINK, stop: { ...leg(triggerPrice, limitPrice), triggeredAt: null } },
});
/** What follows a BUY. */
export const exits = (takeProfitPrice: Price | null, stop: ExitPlan['stop']) => ({
  link: { ...NO_LINK, exit: { takeProfitPrice, stop } },
});

/**
 * A desk between a bid of 60 and an ask of 140 that has traded at 100.
 * @param mostEvents the most events of a turn
 */
export function aDesk(mostEvents?: number) {
  const store = new MemoryJournalStore();
  store.lastPrices.set(SYMBOL, { symbol: SYMBOL, price: price('100') });
  let now = NOW_MS;
  const desk = startDesk(store, { mostEvents, now: () => now });
  /** Lets the clock go on. */
  const pass = (ms: number) => void (now += ms);
  const place = placer(desk, store);
  /** Lets the last price be this. */
  const trade = async (at: string, ordered = '0.001') => {
    await place('x', 'BUY', ordered, limitAt(at));
    await place('y', 'SELL', ordered, limitAt(at));
  };
  desk.hear('60.00', '140.00');
  let amends = 0;
  const amend = (id: OrderId, changes: OrderChanges) =>
    desk.engine.amend(
      id,
      { amendId: `amend-${(amends += 1)}`, expectedVersion: null, changes },
      INSTRUMENT,
    );
  const exitOf = (entry: Pick<RecordedOrder, 'id'>) =>
    [...store.orders.values()].find(({ link }) => link.parentOrderId === entry.id);
  const book = () => drawn(desk.venue.book(SYMBOL));
  return { store, desk, place, trade, hear: desk.hear, amend, exitOf, book, pass };
}
