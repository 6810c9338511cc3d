import type { OrderEvent } from '../../subgraphs/order/domain/order-event.ts';
import { instrumentOf } from '../clients/drawn-orders.ts';
import type { StoredOrders } from '../outside/simulated-order-store.ts';
import type { Violation } from '../violation.ts';
import type { Witness } from '../witness.ts';

/** Checks that nothing happened by a market that is stopped, suspended, crossed or old, and no trade with the house past it. */
export function marketViolations({ turns }: StoredOrders, witness: Witness): readonly Violation[] {
  return turns.flatMap(({ events, steady }) => {
    const sides = sidesOfTrades(events);
    return events
      .filter((event) => isByMarket(event, sides))
      .filter((event) => !couldHappen(event, witness, steady))
      .map(({ type, fill, order: { id, symbol } }): Violation => ({
        promise: 'market',
        detail: `${id} has ${type} at ${fill?.price}, and there was no such market of ${symbol}`,
      }));
  });
}

/** Whether an event takes a market: a trade with the house on the book, or a trigger. */
function isByMarket(
  { type, fill, order }: OrderEvent,
  sides: ReadonlyMap<string, number>,
): boolean {
  if (type === 'TRIGGERED') return true;
  return fill !== null && order.link.rfqId === null && sides.get(fill.tradeId) === 1;
}

function couldHappen({ fill, order }: OrderEvent, witness: Witness, steady: number): boolean {
  const instrument = instrumentOf(order.symbol);
  if (fill === null) return witness.couldTrade(instrument, steady);
  return witness.couldFill(instrument, fill, steady);
}

/** How many clients took part in each trade; the house is the other side of one. */
function sidesOfTrades(events: readonly OrderEvent[]): ReadonlyMap<string, number> {
  const sides = new Map<string, number>();
  for (const { fill } of events)
    if (fill !== null) sides.set(fill.tradeId, (sides.get(fill.tradeId) ?? 0) + 1);
  return sides;
}
