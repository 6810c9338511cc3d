import type {
  CancelOrderInput,
  CancelOrdersInput,
  OrderReferenceInput,
} from '../__generated__/graphql.ts';
import type { CancelOrder } from '../domain/use-cases/cancel-order.ts';
import { checkBatch } from './check-batch.ts';
import { notExactlyOne } from './exactly-one.ts';

/** The command of an input. @throws DomainError BAD_USER_INPUT unless it has exactly one id */
export function parseCancelOrder({ accountId, order }: CancelOrderInput): CancelOrder {
  return { accountId, order: parseOrderReference(order) };
}

/** The command of an input. @throws DomainError BAD_USER_INPUT for a batch that is empty or too large */
export function parseCancelOrders({ accountId, orders }: CancelOrdersInput): {
  readonly accountId: string;
  readonly orders: readonly CancelOrder['order'][];
} {
  checkBatch('orders', orders);
  return { accountId, orders: orders.map(parseOrderReference) };
}

/** The one id of a reference. @throws DomainError BAD_USER_INPUT unless there is exactly one */
export function parseOrderReference({
  id,
  clientOrderId,
}: OrderReferenceInput): CancelOrder['order'] {
  if (id != null && clientOrderId == null) return { kind: 'id', id };
  if (clientOrderId != null && id == null) return { kind: 'clientOrderId', clientOrderId };
  throw notExactlyOne('order');
}
