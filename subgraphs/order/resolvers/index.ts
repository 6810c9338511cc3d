import { DateTimeScalar, DecimalScalar } from '#shared/graphql/scalars.ts';
import type { Resolvers } from '../__generated__/graphql.ts';
import { Account } from './Account.ts';
import { Fill } from './Fill.ts';
import { eachCommand } from './fresh-reads.ts';
import { HousePosition } from './HousePosition.ts';
import { Instrument } from './Instrument.ts';
import { acceptQuote } from './Mutation/acceptQuote.ts';
import { amendOrder } from './Mutation/amendOrder.ts';
import { amendOrders } from './Mutation/amendOrders.ts';
import { cancelAllAfter } from './Mutation/cancelAllAfter.ts';
import { cancelAllOrders } from './Mutation/cancelAllOrders.ts';
import { cancelOrder } from './Mutation/cancelOrder.ts';
import { cancelOrders } from './Mutation/cancelOrders.ts';
import { cancelRfq } from './Mutation/cancelRfq.ts';
import { compareExecution } from './Mutation/compareExecution.ts';
import { guardConnections } from './Mutation/guardConnections.ts';
import { placeOrder } from './Mutation/placeOrder.ts';
import { placeOrders } from './Mutation/placeOrders.ts';
import { quoteRfq } from './Mutation/quoteRfq.ts';
import { requestQuote } from './Mutation/requestQuote.ts';
import { takeOverRfq } from './Mutation/takeOverRfq.ts';
import { setTradingState } from './Mutation/setTradingState.ts';
import { LastLook } from './LastLook.ts';
import { Order } from './Order.ts';
import { Position } from './Position.ts';
import { PreventedMatch } from './PreventedMatch.ts';
import { QuotedLevel } from './QuotedLevel.ts';
import { PriceLevels } from './PriceLevels.ts';
import { QuoteBasis } from './QuoteBasis.ts';
import { Rfq } from './Rfq.ts';
import { RfqAccept } from './RfqAccept.ts';
import { RfqEvent } from './RfqEvent.ts';
import { RfqQuote } from './RfqQuote.ts';
import { Settlement } from './Settlement.ts';
import { TradingControl } from './TradingControl.ts';
import { deskBook } from './Query/deskBook.ts';
import { deskRfqStatistics } from './Query/deskRfqStatistics.ts';
import { feeSchedule } from './Query/feeSchedule.ts';
import { order } from './Query/order.ts';
import { orderByClientOrderId } from './Query/orderByClientOrderId.ts';
import { orders } from './Query/orders.ts';
import { previewOrder } from './Query/previewOrder.ts';
import { rfq } from './Query/rfq.ts';
import { rfqByClientRfqId } from './Query/rfqByClientRfqId.ts';
import { rfqs } from './Query/rfqs.ts';
import { tradingControls } from './Query/tradingControls.ts';
import { openRfqs } from './Subscription/openRfqs.ts';
import { orderEvents } from './Subscription/orderEvents.ts';
import { priceLevels } from './Subscription/priceLevels.ts';
import { quoteStream } from './Subscription/quoteStream.ts';

/** Every resolver of the order subgraph. */
export const resolvers: Resolvers = {
  Decimal: DecimalScalar,
  DateTime: DateTimeScalar,
  Query: {
    order,
    orderByClientOrderId,
    orders,
    previewOrder,
    tradingControls,
    rfq,
    rfqByClientRfqId,
    rfqs,
    deskBook,
    deskRfqStatistics,
    feeSchedule,
  },
  Mutation: eachCommand({
    placeOrder,
    placeOrders,
    amendOrder,
    amendOrders,
    cancelOrder,
    cancelOrders,
    cancelAllOrders,
    cancelAllAfter,
    setTradingState,
    guardConnections,
    requestQuote,
    compareExecution,
    acceptQuote,
    cancelRfq,
    takeOverRfq,
    quoteRfq,
  }),
  Subscription: { orderEvents, quoteStream, openRfqs, priceLevels },
  Account,
  Fill,
  Instrument,
  Order,
  Position,
  PreventedMatch,
  QuotedLevel,
  PriceLevels,
  QuoteBasis,
  LastLook,
  Rfq,
  RfqAccept,
  RfqEvent,
  RfqQuote,
  HousePosition,
  Settlement,
  TradingControl,
};
