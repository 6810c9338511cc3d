import type { PlaceOrdersInput } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import type { PlaceOrders } from '../domain/use-cases/place-orders.ts';
import { checkBatch } from './check-batch.ts';
import { parsePlaceOrder } from './parse-place-order.ts';

/** The command of an input. @throws DomainError BAD_USER_INPUT for a batch that is empty or too large */
export function parsePlaceOrders(
  { orders, ...all }: PlaceOrdersInput,
  from: Pick<OrderContext, 'viewer' | 'origin'>,
): PlaceOrders {
  checkBatch('orders', orders);
  return {
    accountId: all.accountId,
    orders: orders.map((order) => parsePlaceOrder({ ...all, ...order }, from)),
  };
}
