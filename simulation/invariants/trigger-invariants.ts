import type { RecordedOrder } from '../../subgraphs/order/domain/order-event.ts';
import {
  isTriggerMet,
  trailedPrice,
  watchedPrice,
  type WatchedPrices,
} from '../../subgraphs/order/domain/order-trigger.ts';
import { waitingOf } from '../../subgraphs/order/engine/triggers/waiting-queue.ts';
import { instrumentOf } from '../clients/drawn-orders.ts';
import type { StoredOrders } from '../outside/simulated-order-store.ts';
import type { Violation } from '../violation.ts';
import type { Witness } from '../witness.ts';

/** Checks that what still waits at rest has followed the last market, and is not met by it. */
export function triggerViolations(
  { orders, turns }: StoredOrders,
  witness: Witness,
): readonly Violation[] {
  const trades = turns.flatMap(({ lastPrices }) => lastPrices);
  return [...orders.values()].flatMap((order): Violation[] => {
    const market = witness.lastMarket(order.symbol);
    if (market === null) return [];
    const { bid: bidPrice, ask: askPrice, steady: receivedAtMs } = market;
    const quote = { bidPrice, askPrice, receivedAtMs, suspended: false };
    const last = trades.findLast(({ symbol }) => symbol === order.symbol);
    const wrong = leftBehind(order, { quote, lastPrice: last?.price ?? null });
    return wrong === null ? [] : [{ promise: 'triggers', detail: `${order.id} ${wrong}` }];
  });
}

/** What is wrong with an order that waits at these prices; null for nothing, and for one that does not wait. */
function leftBehind(order: RecordedOrder, prices: WatchedPrices): string | null {
  const trigger = waitingOf(order)?.trigger;
  if (trigger === undefined) return null;
  const { side, symbol } = order;
  const watched = watchedPrice(side, trigger, prices);
  if (watched === null) return null;
  if (isTriggerMet(side, trigger, watched))
    return `waits for ${trigger.triggerPrice} at ${watched}`;
  const trailed = trailedPrice(side, trigger, watched, instrumentOf(symbol));
  return trailed === trigger.triggerPrice ? null : `trails ${watched} at ${trigger.triggerPrice}`;
}
