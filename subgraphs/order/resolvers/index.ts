import { DateTimeScalar, DecimalScalar } from '#shared/graphql/scalars.ts';
import type { Resolvers } from '../__generated__/graphql.ts';
import { Account } from './Account.ts';
import { Fill } from './Fill.ts';
import { eachCommand } from './fresh-reads.ts';
import { HousePosition } from './HousePosition.ts';
import { Instrument } from './Instrument.ts';
import { LastLook } from './LastLook.ts';
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
import { setTradingState } from './Mutation/setTradingState.ts';
import { takeOverRfq } from './Mutation/takeOverRfq.ts';
import { Order } from './Order.ts';
import { Position } from './Position.ts';
import { PreventedMatch } from './PreventedMatch.ts';
import { PriceLevels } from './PriceLevels.ts';
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
import { QuoteBasis } from './QuoteBasis.ts';
import { QuotedLevel } from './QuotedLevel.ts';
import { Rfq } from './Rfq.ts';
import { RfqAccept } from './RfqAccept.ts';
import { RfqEvent } from './RfqEvent.ts';
import { RfqQuote } from './RfqQuote.ts';
import { Settlement } from './Settlement.ts';
import { openRfqs } from './Subscription/openRfqs.ts';
import { orderEvents } from './Subscription/orderEvents.ts';
import { priceLevels } from './Subscription/priceLevels.ts';
import { quoteStream } from './Subscription/quoteStream.ts';
import { TradingControl } from './TradingControl.ts';

/** Every resolver of the subgraph: one line for each file. */
export const resolvers: Resolvers = {
  Decimal: DecimalScalar,
  DateTime: DateTimeScalar,
  Query: {
    deskBook,
    deskRfqStatistics,
    feeSchedule,
    order,
    orderByClientOrderId,
    orders,
    previewOrder,
    rfq,
    rfqByClientRfqId,
    rfqs,
    tradingControls,
  },
  Mutation: eachCommand({
    acceptQuote,
    amendOrder,
    amendOrders,
    cancelAllAfter,
    cancelAllOrders,
    cancelOrder,
    cancelOrders,
    cancelRfq,
    compareExecution,
    guardConnections,
    placeOrder,
    placeOrders,
    quoteRfq,
    requestQuote,
    setTradingState,
    takeOverRfq,
  }),
  Subscription: { openRfqs, orderEvents, priceLevels, quoteStream },
  Account,
  Fill,
  HousePosition,
  Instrument,
  LastLook,
  Order,
  Position,
  PreventedMatch,
  PriceLevels,
  QuoteBasis,
  QuotedLevel,
  Rfq,
  RfqAccept,
  RfqEvent,
  RfqQuote,
  Settlement,
  TradingControl,
};
