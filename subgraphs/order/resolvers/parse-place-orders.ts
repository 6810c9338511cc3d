import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { PlaceOrdersInput } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import type { PlaceOrders } from '../domain/place-orders.ts';
import { MAX_BATCH } from './max-batch.ts';
import { parsePlaceOrder } from './parse-place-order.ts';

/** The command of an input. @throws DomainError BAD_USER_INPUT for a batch that is empty or too large */
export function parsePlaceOrders(
  { accountId, orders }: PlaceOrdersInput,
  from: Pick<OrderContext, 'viewer' | 'origin'>,
): PlaceOrders {
  if (orders.length < 1 || orders.length > MAX_BATCH)
    throw new DomainError(
      DomainErrorCode.BAD_USER_INPUT,
      `Field "orders" must have 1 to ${MAX_BATCH} entries; it has ${orders.length}.`,
    );
  return {
    accountId,
    orders: orders.map((order) => parsePlaceOrder({ accountId, ...order }, from)),
  };
}
