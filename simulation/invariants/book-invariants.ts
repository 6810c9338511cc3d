import type { RecordedOrder } from '../../subgraphs/order/domain/order-event.ts';
import {
  isArriving,
  isClosed,
  isOpen,
  isWaiting,
  limitPriceOf,
} from '../../subgraphs/order/domain/order.ts';
import type { StoredOrders } from '../outside/simulated-order-store.ts';
import type { Violation } from '../violation.ts';

/** Checks what must hold between orders once everything is at rest. */
export function bookViolations(stored: StoredOrders): readonly Violation[] {
  return [
    ...leftArriving(stored),
    ...crossed(stored),
    ...selfTrades(stored),
    ...wrongExits(stored),
    ...timesBack(stored),
  ];
}

function leftArriving({ orders }: StoredOrders): Violation[] {
  return [...orders.values()]
    .filter(isArriving)
    .map(({ id }) => ({ promise: 'comesToRest', detail: `${id} is still on its way` }));
}

/** No crossing orders are left in the book, except those of the same account or user. */
function crossed({ orders }: StoredOrders): Violation[] {
  const resting = [...orders.values()].filter((order) => isOpen(order) && !isWaiting(order));
  const limitOf = ({ terms }: RecordedOrder) => limitPriceOf(terms) ?? 0n;
  const bids = resting.filter(({ side }) => side === 'BUY');
  return bids.flatMap((bid) =>
    resting
      .filter((ask) => ask.side === 'SELL' && ask.symbol === bid.symbol)
      .filter((ask) => ask.accountId !== bid.accountId)
      .filter((ask) => ask.placedBy === null || ask.placedBy !== bid.placedBy)
      .filter((ask) => limitOf(ask) <= limitOf(bid))
      .map((ask) => ({ promise: 'books', detail: `${bid.id} and ${ask.id} have not met` })),
  );
}

function selfTrades({ events }: StoredOrders): Violation[] {
  const first = new Map<string, RecordedOrder>();
  return events.flatMap(({ fill, order }): Violation[] => {
    if (fill === null) return [];
    const other = first.get(fill.tradeId);
    first.set(fill.tradeId, order);
    const isOfOne =
      other?.accountId === order.accountId ||
      (order.placedBy !== null && other?.placedBy === order.placedBy);
    if (other === undefined || !isOfOne) return [];
    return [{ promise: 'selfTrades', detail: `${other.id} and ${order.id} have traded` }];
  });
}

/**
 * A BUY that has ended has the one exit it asked for, for exactly the quantity it bought, and a stop of the instrument
 * has not denied it. An exit that is denied for lack of funds can be followed by one for less.
 */
function wrongExits({ orders }: StoredOrders): Violation[] {
  const all = [...orders.values()];
  return all.flatMap((order): Violation[] => {
    const isDue = order.link.exit !== null && isClosed(order) && order.filledQuantity > 0n;
    const exits = all.filter(({ link }) => link.parentOrderId === order.id);
    const wanted = isDue ? [order.filledQuantity] : [];
    const found = exits
      .filter((exit, position) => !isSmaller(exit, exits[position - 1]))
      .map((exit) => (reasonOf(exit) === 'INSTRUMENT_NOT_TRADING' ? 'denied' : exit.quantity));
    if (found.join() === wanted.join()) return [];
    return [
      { promise: 'exits', detail: `${order.id} wants ${wanted.join()}, has ${found.join()}` },
    ];
  });
}

/** Whether an exit stands for the rest of one that was denied for lack of funds. */
export function isSmaller(exit: RecordedOrder, denied: RecordedOrder | undefined): boolean {
  if (denied === undefined || denied.link.parentOrderId !== exit.link.parentOrderId) return false;
  const isShort = reasonOf(denied) === 'NOTIONAL_EXCEEDS_FREE_BALANCE';
  return isShort && exit.quantity < denied.quantity;
}

function reasonOf({ state }: RecordedOrder): string | null {
  return state.status === 'DENIED' ? state.violations[0].reason : null;
}

function timesBack({ events }: StoredOrders): Violation[] {
  return events.flatMap(({ at, order }, index): Violation[] => {
    const before = events[index - 1]?.at ?? at;
    return at >= before
      ? []
      : [{ promise: 'times', detail: `${order.id} at ${at}, after ${before}` }];
  });
}
