import {
  type AccountId,
  type OrderId,
  parseClientOrderId,
  parseOrderId,
} from '#shared/domain/ids.ts';
import { type AccountAccess, permittedAccount } from '../account-access.ts';
import type { RecordedOrder } from '../order-event.ts';
import type { OrderJournal, OrderLookup } from '../ports/order-journal.ts';
import { isClosed } from '../order.ts';
import { ANSWER_WITHIN_MS, type PlaceOrderPorts } from './place-order.ts';
import { mayBeDone } from '../ports/not-owner-error.ts';

/** Names an order by our id or by the client's; ids are not checked yet. */
export interface CancelOrder {
  readonly accountId: string;
  readonly order:
    | { readonly kind: 'id'; readonly id: string }
    | { readonly kind: 'clientOrderId'; readonly clientOrderId: string };
}

/** The answer to a cancel. */
export type CancelOrderOutcome =
  | { readonly kind: 'canceled'; readonly order: RecordedOrder; readonly replayed: boolean }
  | { readonly kind: 'notCancelable'; readonly order: RecordedOrder }
  | { readonly kind: 'orderNotFound' }
  | { readonly kind: 'unknown'; readonly accountId: string; readonly clientOrderId: string }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/** What canceling needs. */
export type CancelOrderPorts = Pick<PlaceOrderPorts, 'journal' | 'orders' | 'within'>;

/**
 * Cancels an order. Canceling a canceled one succeeds; one that ended in another way, even while
 * the cancel was under way, and the accept of a quote are returned as they are.
 * @throws UnavailableError if nothing was done because a part of the system does not answer
 */
export async function cancelOrder(
  ports: CancelOrderPorts,
  access: AccountAccess,
  command: CancelOrder,
): Promise<CancelOrderOutcome> {
  const accountId = permittedAccount(command.accountId, access.mayTrade);
  if (accountId === null) return { kind: 'accountNotFound', accountId: command.accountId };
  const order = await findOrder(ports.orders, accountId, command.order);
  if (order === null) return { kind: 'orderNotFound' };
  if (isClosed(order)) return endedBefore(order);
  const outcome = await ports.within(ANSWER_WITHIN_MS, cancelStored(ports, order));
  return outcome === 'late' ? unknown(order) : outcome;
}

/** The order of this account that a reference names; null if there is none. */
export async function findOrder(
  orders: OrderLookup,
  accountId: AccountId,
  reference: CancelOrder['order'],
): Promise<RecordedOrder | null> {
  if (reference.kind === 'clientOrderId') {
    const clientOrderId = parseClientOrderId(reference.clientOrderId);
    return clientOrderId === null ? null : orders.byClientOrderId({ accountId, clientOrderId });
  }
  const orderId: OrderId | null = parseOrderId(reference.id);
  const order = orderId === null ? null : await orders.byId(orderId);
  return order?.accountId === accountId ? order : null;
}

async function cancelStored(
  { journal, orders }: { readonly journal: OrderJournal; readonly orders: OrderLookup },
  order: RecordedOrder,
): Promise<CancelOrderOutcome> {
  try {
    const canceled = await journal.cancel(order.id);
    if (canceled !== null) return { kind: 'canceled', order: canceled, replayed: false };
  } catch (cause) {
    if (mayBeDone(cause)) return unknown(order);
    throw cause;
  }
  const latest = (await orders.byId(order.id)) ?? order;
  // One that is left out of the books can be canceled by their next owner; an accept never can.
  return isClosed(latest) || latest.link.rfqId !== null ? endedBefore(latest) : unknown(latest);
}

function endedBefore(order: RecordedOrder): CancelOrderOutcome {
  return order.state.status === 'CANCELED'
    ? { kind: 'canceled', order, replayed: true }
    : { kind: 'notCancelable', order };
}

function unknown({ accountId, clientOrderId }: RecordedOrder): CancelOrderOutcome {
  return { kind: 'unknown', accountId, clientOrderId };
}
