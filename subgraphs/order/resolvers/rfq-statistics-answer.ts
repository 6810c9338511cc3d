import { formatUnits } from '#shared/domain/decimal.ts';
import { formatMoney, type Money, moneyOfUnits } from '#shared/domain/money.ts';
import type {
  PriceImprovement,
  RfqStatistics as RfqStatisticsType,
} from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import type { RfqStatistics } from '../domain/rfq/rfq-statistics.ts';
import { scalesOf } from './scales.ts';

/** A client's statistics, with amounts padded to their assets' scales. */
export function rfqStatisticsAnswer(
  { improvements, responseRate, acceptanceRate, rejections, lastLooks, ...counts }: RfqStatistics,
  context: OrderContext,
): RfqStatisticsType {
  return {
    ...counts,
    rejections: [...rejections],
    lastLooks: [...lastLooks],
    responseRate: responseRate === null ? null : formatUnits(responseRate),
    acceptanceRate: acceptanceRate === null ? null : formatUnits(acceptanceRate),
    priceImprovements: byQuoteAsset(improvements, context),
  };
}

function byQuoteAsset(
  improvements: RfqStatistics['improvements'],
  context: OrderContext,
): PriceImprovement[] {
  const sums = new Map<string, { readonly amount: Money; readonly scale: number }>();
  for (const { symbol, amount } of improvements) {
    const [, asset = ''] = symbol.split('-', 2);
    const before = sums.get(asset)?.amount ?? 0n;
    sums.set(asset, {
      amount: moneyOfUnits(before + amount),
      scale: scalesOf(context, symbol).quote,
    });
  }
  return Array.from(sums, ([asset, { amount, scale }]) => ({
    asset,
    amount: formatMoney(amount, scale),
  }));
}
