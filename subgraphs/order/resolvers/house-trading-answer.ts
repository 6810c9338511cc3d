import { formatUnits } from '#shared/domain/decimal.ts';
import { formatMoney } from '#shared/domain/money.ts';
import type { HouseTrading as HouseTradingType } from '../__generated__/graphql.ts';
import { type HouseSums, realizedProfit } from '../domain/rfq/desk-book.ts';
import type { Scales } from './scales.ts';

/** What the house traded, with amounts padded to the instrument's scales. */
export function houseTradingAnswer(sums: HouseSums, scales: Scales): HouseTradingType {
  return {
    boughtQuantity: formatUnits(sums.boughtQuantity, scales.quantity),
    boughtNotional: formatMoney(sums.boughtNotional, scales.quote),
    soldQuantity: formatUnits(sums.soldQuantity, scales.quantity),
    soldNotional: formatMoney(sums.soldNotional, scales.quote),
    realizedProfit: formatMoney(realizedProfit(sums), scales.quote),
    fees: formatMoney(sums.fees, scales.quote),
  };
}
