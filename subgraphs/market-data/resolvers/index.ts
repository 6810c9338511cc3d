import { DateTimeScalar, DecimalScalar } from '#shared/graphql/scalars.ts';
import type { Resolvers } from '../__generated__/graphql.ts';
import { Account } from './Account.ts';
import { AccountHistoryPoint } from './AccountHistoryPoint.ts';
import { Asset } from './Asset.ts';
import { Instrument } from './Instrument.ts';
import { asset } from './Query/asset.ts';
import { assets } from './Query/assets.ts';
import { feedStatus } from './Query/feedStatus.ts';
import { instrument } from './Query/instrument.ts';
import { instruments } from './Query/instruments.ts';
import { serverTime } from './Query/serverTime.ts';
import { Quote } from './Quote.ts';
import { candleChanged } from './Subscription/candleChanged.ts';
import { consolidatedBookChanged } from './Subscription/consolidatedBookChanged.ts';
import { instrumentStatusChanged } from './Subscription/instrumentStatusChanged.ts';
import { orderBookChanged } from './Subscription/orderBookChanged.ts';
import { quoteChanged } from './Subscription/quoteChanged.ts';
import { tickerChanged } from './Subscription/tickerChanged.ts';
import { tradeOccurred } from './Subscription/tradeOccurred.ts';
import { ValuedBalance } from './ValuedBalance.ts';

/** Every resolver of the subgraph: one line for each file. */
export const resolvers: Resolvers = {
  Decimal: DecimalScalar,
  DateTime: DateTimeScalar,
  Query: { asset, assets, feedStatus, instrument, instruments, serverTime },
  Subscription: {
    candleChanged,
    consolidatedBookChanged,
    instrumentStatusChanged,
    orderBookChanged,
    quoteChanged,
    tickerChanged,
    tradeOccurred,
  },
  Account,
  AccountHistoryPoint,
  Asset,
  Instrument,
  Quote,
  ValuedBalance,
};
