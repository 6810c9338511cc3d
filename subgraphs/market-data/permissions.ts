import { allow } from '#shared/graphql/shield.ts';
import { needs } from '#shared/graphql/permissions.ts';
import type { Permissions } from '#shared/subgraph/guarded-schema.ts';

const readsMarket = needs('READ_MARKET');

/**
 * Who can ask for what: entry points need `market:read`; everything behind them is public, and open
 * rules cost a stream nothing. Only what is calculated from an account's balances is not: the gateway sends them along.
 * Points of its history are reached through the account alone, where they have a rule.
 */
export const permissions: Permissions = {
  Query: {
    instruments: readsMarket,
    instrument: readsMarket,
    asset: readsMarket,
    assets: readsMarket,
    serverTime: readsMarket,
    feedStatus: readsMarket,
    _entities: readsMarket,
    _service: allow,
  },
  Subscription: {
    quoteChanged: readsMarket,
    orderBookChanged: readsMarket,
    consolidatedBookChanged: readsMarket,
    tradeOccurred: readsMarket,
    instrumentStatusChanged: readsMarket,
    candleChanged: readsMarket,
    tickerChanged: readsMarket,
  },
  Account: { id: allow, balancesToValue: allow, valuation: needs('READ_ACCOUNT') },
  AccountHistoryPoint: allow,
  Balance: allow,
  AccountValuation: allow,
  ValuedBalance: allow,
  Asset: allow,
  Instrument: allow,
  InstrumentRules: allow,
  VenueListing: allow,
  Quote: allow,
  PriceLevel: allow,
  OrderBook: allow,
  ConsolidatedBook: allow,
  ConsolidatedLevel: allow,
  VenueShare: allow,
  Trade: allow,
  Ticker: allow,
  Candle: allow,
  CandleGap: allow,
  FeedStatus: allow,
  QuoteUpdate: allow,
  OrderBookSnapshot: allow,
  OrderBookUpdate: allow,
  ConsolidatedBookUpdate: allow,
  TradeSnapshot: allow,
  TradeUpdate: allow,
  TickerUpdate: allow,
  CandleUpdate: allow,
  InstrumentStatusUpdate: allow,
  StreamGap: allow,
  StreamHeartbeat: allow,
  InstrumentConnection: allow,
  InstrumentEdge: allow,
  AssetConnection: allow,
  AssetEdge: allow,
  TradeConnection: allow,
  TradeEdge: allow,
  CandleConnection: allow,
  CandleEdge: allow,
  PageInfo: allow,
};
