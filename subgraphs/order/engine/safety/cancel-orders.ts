import type { AccountId, InstrumentSymbol } from '#shared/domain/ids.ts';
import type { RecordedOrder } from '../../domain/order-event.ts';
import { isExit } from '../../domain/order-link.ts';
import { cancelOrder } from '../../domain/order-progress.ts';
import type { CancelReason, OrderSide } from '../../domain/order.ts';
import { endOrder } from '../end-order.ts';
import type { JournalState } from '../journal-state.ts';
import type { Turn } from '../turn.ts';

/** Which orders to cancel; null leaves a condition out, and all null means everyone's. */
export interface CancelFilter {
  readonly accountId: AccountId | null;
  readonly symbol: InstrumentSymbol | null;
  readonly side: OrderSide | null;
  /** Only orders that this connection guards. */
  readonly guardConnectionId?: string;
  /**
   * Which exits follow what it has canceled, if it can take several turns: these are not meant. It is
   * asked only of those that wait for their hold: nothing else runs between the turns.
   */
  readonly spares?: (exit: RecordedOrder) => boolean;
}

/**
 * The most orders that one turn ends: the turn must be stored long before the owner's lease ends.
 */
const MOST_ENDED = 500;

/** How many orders a turn that has already ended some can still end. */
export function mostToEnd({ room }: Turn, ended: number): number {
  return Math.min(MOST_ENDED - ended, room);
}

/** Orders that a turn has canceled. */
interface CanceledOrders {
  readonly orders: readonly RecordedOrder[];
  /** Whether these were all of them. */
  readonly areAll: boolean;
}

/**
 * Cancels the orders of a filter that are not closed, oldest first, as many as the turn has room
 * for.
 * @param ended how many orders the turn has ended already
 */
export function cancelOrders(
  turn: Turn,
  filter: CancelFilter,
  reason: CancelReason,
  ended = 0,
): CanceledOrders {
  const orders: RecordedOrder[] = [];
  const meant = [...candidates(turn.state, filter)]
    .filter((order) => isMeant(order, filter))
    .toSorted((left, right) => left.createdAt - right.createdAt);
  for (const order of meant) {
    if (mostToEnd(turn, ended + orders.length) === 0) return { orders, areAll: false };
    turn.suspect(order.id);
    turn.venue.remove(order);
    orders.push(endOrder(turn, cancelOrder(order, reason, turn.at), 'CANCELED'));
  }
  return { orders, areAll: true };
}

/** Whether there is any order of a filter that is not closed. */
export function hasAnyMeant(state: JournalState, filter: CancelFilter): boolean {
  for (const order of candidates(state, filter)) if (isMeant(order, filter)) return true;
  return false;
}

/** The smallest known set that contains all of them. */
function candidates(
  state: JournalState,
  { accountId, guardConnectionId }: CancelFilter,
): Iterable<RecordedOrder> {
  if (guardConnectionId !== undefined) return state.guardedOrders(guardConnectionId);
  return accountId === null ? state.orders() : state.ordersOf(accountId);
}

function isMeant(
  order: RecordedOrder,
  { accountId, symbol, side, guardConnectionId, spares }: CancelFilter,
): boolean {
  return (
    !(isExit(order) && order.state.status === 'SUBMITTED' && spares?.(order)) &&
    // The accept of a quote is decided by its last look, which a halt ends too.
    order.link.rfqId === null &&
    (accountId === null || order.accountId === accountId) &&
    (symbol === null || order.symbol === symbol) &&
    (side === null || order.side === side) &&
    (guardConnectionId === undefined || order.instructions.guardConnectionId === guardConnectionId)
  );
}
