import { notional } from '#shared/domain/money.ts';
import type { ChangeSet } from '../../subgraphs/order/domain/ports/journal-store.ts';
import { isClosed, isOpen, type Order } from '../../subgraphs/order/domain/order.ts';

/** What the tables of the order store would refuse of a turn: the CHECK constraints of the migrations. */
export function brokenConstraints(changes: ChangeSet): readonly string[] {
  const { inserted, updated, events, positions, preventedMatches } = changes;
  const wrongOrders = [...inserted, ...updated].flatMap((order) =>
    brokenByOrder(order).map((what) => `${order.id} has ${what}`),
  );
  const wrongFills = events.flatMap(({ fill }) => {
    if (fill === null) return [];
    const { price, quantity, quoteQuantity, fee } = fill;
    const isRight = price > 0n && quantity > 0n && fee >= 0n;
    return isRight && quoteQuantity === notional(price, quantity) ? [] : [`fill ${fill.id}`];
  });
  const wrongPositions = positions.flatMap(({ accountId, entryCost, netQuantity, fees }) => {
    const isRight = entryCost >= 0n && (netQuantity !== 0n || entryCost === 0n) && fees >= 0n;
    return isRight ? [] : [`position ${accountId}`];
  });
  const wrongMatches = preventedMatches.flatMap(({ id, takerQuantity, makerQuantity }) =>
    takerQuantity >= 0n && makerQuantity >= 0n && takerQuantity + makerQuantity > 0n
      ? []
      : [`prevented match ${id}`],
  );
  return [...wrongOrders, ...wrongFills, ...wrongPositions, ...wrongMatches];
}

function brokenByOrder(order: Order): readonly string[] {
  const { quantity, filledQuantity, preventedQuantity, hold, state } = order;
  const done = filledQuantity + preventedQuantity;
  const shown = isOpen(order) ? order.state.shownQuantity : null;
  const checks: readonly (readonly [string, boolean])[] = [
    ['more done than its quantity', quantity >= 0n && done <= quantity],
    ['a rest though it is filled', state.status !== 'FILLED' || done === quantity],
    ['more left of its hold than was placed', hold === null || hold.remaining <= hold.placed],
    ['a hold below zero', hold === null || hold.remaining >= 0n],
    ['a hold though it has ended', !isClosed(order) || (hold?.remaining ?? 0n) === 0n],
    ['no hold', state.status === 'DENIED' || (hold !== null && hold.worstPrice > 0n)],
    ['nothing shown', shown === null || shown > 0n],
  ];
  return checks.flatMap(([what, isKept]) => (isKept ? [] : [what]));
}
