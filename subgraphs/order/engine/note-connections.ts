import type { GuardConnection } from '../domain/safety-switches.ts';
import { mostToEnd } from './cancel-orders.ts';
import type { Turn } from './turn.ts';

/**
 * Takes note of what a gateway tells of connections that guard orders. That one is let go is stored with its orders:
 * whoever reads them later would take it for one that was lost.
 * @returns whether all is noted; else the next turn has to go on
 */
export function noteConnections(turn: Turn, connections: readonly GuardConnection[]): boolean {
  const { guards } = turn.state;
  let released = 0;
  for (const { connectionId, lifeMs } of connections) {
    if (lifeMs !== null) {
      guards.keep(connectionId, lifeMs, turn.now);
      continue;
    }
    for (const order of [...turn.state.guardedOrders(connectionId)]) {
      if (mostToEnd(turn, released) === 0) return false;
      const instructions = { ...order.instructions, guardConnectionId: null };
      turn.replace({ ...order, instructions });
      released += 1;
    }
    guards.forget(connectionId, turn.now);
  }
  return true;
}
