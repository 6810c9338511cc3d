import { formatUnits } from '#shared/domain/decimal.ts';
import type { TradingLimits as TradingLimitsType } from '../__generated__/graphql.ts';
import { MAX_AMENDS_PER_ORDER } from '../domain/order-amend.ts';
import type { TradingLimits } from '../domain/use-cases/read-trading-limits.ts';
import { MAX_BATCH } from './check-batch.ts';

/** The limits of an account in an instrument. */
export function tradingLimitsAnswer(limits: TradingLimits): TradingLimitsType {
  const { instrument, messageWindow, rates, openOrders, maxOpenOrders } = limits;
  const { most, ...window } = messageWindow;
  return {
    symbol: instrument.symbol,
    openOrders,
    maxOpenOrders,
    messageWindow: { messages: most, ...window },
    maxOrdersPerBatch: MAX_BATCH,
    maxAmendsPerOrder: MAX_AMENDS_PER_ORDER,
    makerFeeRate: formatUnits(rates.makerFeeRate),
    takerFeeRate: formatUnits(rates.takerFeeRate),
  };
}
