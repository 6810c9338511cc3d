import { allow } from '#shared/graphql/shield.ts';
import { isService, needs } from '#shared/graphql/permissions.ts';
import type { Permissions } from '#shared/subgraph/guarded-schema.ts';

const readsTrades = needs('READ_TRADES');
const trades = needs('TRADE');

/**
 * Who may ask for what. Root fields and what hangs on entities of others need a scope; the types
 * below them can only be reached through those, and ownership is checked where they are read.
 */
export const permissions: Permissions = {
  Query: {
    order: readsTrades,
    orderByClientOrderId: readsTrades,
    orders: readsTrades,
    previewOrder: readsTrades,
    tradingControls: readsTrades,
    // Each entity's fields carry their own rule, and the passport stands before all of them.
    _entities: allow,
    _service: allow,
  },
  Mutation: {
    placeOrder: trades,
    placeOrders: trades,
    amendOrder: trades,
    cancelOrder: trades,
    cancelOrders: trades,
    cancelAllOrders: trades,
    cancelAllAfter: trades,
    setTradingState: trades,
    guardConnections: isService('gateway'),
  },
  Subscription: { orderEvents: readsTrades },
  Account: {
    id: allow,
    orders: readsTrades,
    fills: readsTrades,
    positions: readsTrades,
    feeTier: readsTrades,
  },
  Instrument: { symbol: allow, markPrice: allow },
  // A trader who may only place is told of the order in the answer, so the type itself is open.
  Order: allow,
  Fill: allow,
  Position: allow,
  FeeTier: allow,
  OrderDenial: allow,
  OrdersPlaced: allow,
  OrderAccepted: allow,
  OrderDenied: allow,
  OrderRejected: allow,
  PreventedMatch: allow,
  OrderOutcomeUnknown: allow,
  ClientOrderIdConflict: allow,
  OrderPreview: allow,
  AccountNotFound: allow,
  OrderAmended: allow,
  AmendDenied: allow,
  AmendConflict: allow,
  OrderNotAmendable: allow,
  OrderAmend: allow,
  StopLeg: allow,
  OrderCanceled: allow,
  OrderNotCancelable: allow,
  OrderNotFound: allow,
  CancelsAnswered: allow,
  OrdersCanceled: allow,
  CancelTimerSet: allow,
  CancelTimerInvalid: allow,
  TradingStateSet: allow,
  TradingReasonInvalid: allow,
  NotTheDesk: allow,
  TradingControls: allow,
  TradingControl: allow,
  OrderSnapshot: allow,
  OrderEvent: allow,
  OrderConnection: allow,
  OrderEdge: allow,
  FillConnection: allow,
  FillEdge: allow,
  PageInfo: allow,
  StreamResumed: allow,
  StreamGap: allow,
  StreamHeartbeat: allow,
};
