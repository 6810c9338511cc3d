import type { RecordedOrder } from '../../domain/order-event.ts';
import type { GuardConnection } from '../../domain/safety-switches.ts';
import { mostToEnd } from './cancel-orders.ts';
import type { JournalState } from '../journal-state.ts';
import type { Turn } from '../turn.ts';

/**
 * Records what a gateway reports about connections that guard orders. A release, or that another
 * connection takes over, is stored with the orders: the next owner of the books would otherwise
 * take the connection for a lost one.
 * @returns whether everything is recorded, otherwise the next turn continues, and how many orders
 *   were stored again
 */
export function noteConnections(
  turn: Turn,
  connections: readonly GuardConnection[],
): { readonly areAll: boolean; readonly changed: number } {
  const { guards } = turn.state;
  let changed = 0;
  for (const connection of connections) {
    const { connectionId, lifeMs } = connection;
    if (lifeMs !== null) guards.keep(connectionId, lifeMs);
    const guardConnectionId = lifeMs === null ? null : connectionId;
    for (const order of [...ordersToChange(turn.state, connection)]) {
      if (mostToEnd(turn, changed) === 0) return { areAll: false, changed };
      turn.storeAgain({ ...order, instructions: { ...order.instructions, guardConnectionId } });
      changed += 1;
    }
    if (lifeMs === null) guards.forget(connectionId);
  }
  return { areAll: true, changed };
}

/** Those that a released connection guards, or that a connection takes over from others. */
function ordersToChange(
  state: JournalState,
  { connectionId, lifeMs, takeOver }: GuardConnection,
): Iterable<RecordedOrder> {
  if (lifeMs === null) return state.guardedOrders(connectionId);
  if (takeOver === undefined) return [];
  const { accountIds } = takeOver;
  return state.guards
    .takeOverFrom(takeOver.connectionId, connectionId)
    .flatMap((id) => [...state.guardedOrders(id)])
    .filter(({ accountId }) => accountIds.includes(accountId));
}
