import { DateTimeScalar, DecimalScalar } from '#shared/graphql/scalars.ts';
import type { Resolvers } from '../__generated__/graphql.ts';
import { Account } from './Account.ts';
import { Fill } from './Fill.ts';
import { Instrument } from './Instrument.ts';
import { amendOrder } from './Mutation/amendOrder.ts';
import { cancelAllAfter } from './Mutation/cancelAllAfter.ts';
import { cancelAllOrders } from './Mutation/cancelAllOrders.ts';
import { cancelOrder } from './Mutation/cancelOrder.ts';
import { cancelOrders } from './Mutation/cancelOrders.ts';
import { guardConnections } from './Mutation/guardConnections.ts';
import { placeOrder } from './Mutation/placeOrder.ts';
import { placeOrders } from './Mutation/placeOrders.ts';
import { setTradingState } from './Mutation/setTradingState.ts';
import { Order } from './Order.ts';
import { Position } from './Position.ts';
import { PreventedMatch } from './PreventedMatch.ts';
import { TradingControl } from './TradingControl.ts';
import { order } from './Query/order.ts';
import { orderByClientOrderId } from './Query/orderByClientOrderId.ts';
import { orders } from './Query/orders.ts';
import { previewOrder } from './Query/previewOrder.ts';
import { tradingControls } from './Query/tradingControls.ts';
import { orderEvents } from './Subscription/orderEvents.ts';

/** Every resolver of the order subgraph. */
export const resolvers: Resolvers = {
  Decimal: DecimalScalar,
  DateTime: DateTimeScalar,
  Query: { order, orderByClientOrderId, orders, previewOrder, tradingControls },
  Mutation: {
    placeOrder,
    placeOrders,
    amendOrder,
    cancelOrder,
    cancelOrders,
    cancelAllOrders,
    cancelAllAfter,
    setTradingState,
    guardConnections,
  },
  Subscription: { orderEvents },
  Account,
  Fill,
  Instrument,
  Order,
  Position,
  PreventedMatch,
  TradingControl,
};
