import { eventWeight } from '../domain/event-weight.ts';
import type { GuardConnection } from '../domain/safety-switches.ts';
import { mostToEnd } from './cancel-orders.ts';
import type { Turn } from './turn.ts';

/**
 * Records what a gateway reports about connections that guard orders. A release is stored with its
 * orders: the next owner of the books would otherwise take the connection for a lost one.
 * @returns whether everything is recorded; otherwise the next turn continues
 */
export function noteConnections(turn: Turn, connections: readonly GuardConnection[]): boolean {
  const { guards } = turn.state;
  // A release is no event, but each order is stored again.
  let [released, room] = [0, turn.room];
  for (const { connectionId, lifeMs } of connections) {
    if (lifeMs !== null) {
      guards.keep(connectionId, lifeMs);
      continue;
    }
    for (const order of [...turn.state.guardedOrders(connectionId)]) {
      if (mostToEnd(turn, released) === 0 || room <= 0) return false;
      const instructions = { ...order.instructions, guardConnectionId: null };
      turn.replace({ ...order, instructions });
      released += 1;
      room -= eventWeight(order);
    }
    guards.forget(connectionId);
  }
  return true;
}
