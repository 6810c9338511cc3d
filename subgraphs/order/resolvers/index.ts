import { DateTimeScalar, DecimalScalar } from '#shared/graphql/scalars.ts';
import type { Resolvers } from '../__generated__/graphql.ts';
import { Account } from './Account.ts';
import { Fill } from './Fill.ts';
import { Instrument } from './Instrument.ts';
import { cancelOrder } from './Mutation/cancelOrder.ts';
import { placeOrder } from './Mutation/placeOrder.ts';
import { placeOrders } from './Mutation/placeOrders.ts';
import { Order } from './Order.ts';
import { Position } from './Position.ts';
import { order } from './Query/order.ts';
import { orderByClientOrderId } from './Query/orderByClientOrderId.ts';
import { orders } from './Query/orders.ts';
import { orderEvents } from './Subscription/orderEvents.ts';

/** Every resolver of the order subgraph. */
export const resolvers: Resolvers = {
  Decimal: DecimalScalar,
  DateTime: DateTimeScalar,
  Query: { order, orderByClientOrderId, orders },
  Mutation: { placeOrder, placeOrders, cancelOrder },
  Subscription: { orderEvents },
  Account,
  Fill,
  Instrument,
  Order,
  Position,
};
