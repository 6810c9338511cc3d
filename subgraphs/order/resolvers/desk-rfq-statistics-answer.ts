import { toTimestamp } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import { formatMoney } from '#shared/domain/money.ts';
import type { DeskRfqStatistics as DeskRfqStatisticsType } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import type { DeskRfqStatistics } from '../domain/rfq/desk-rfq-statistics.ts';
import { houseTradingAnswer } from './house-trading-answer.ts';
import { scalesOf } from './scales.ts';

/** The desk's figures, with amounts padded to the instrument's scales. */
export function deskRfqStatisticsAnswer(
  { symbol, from, to, inventory, ...figures }: DeskRfqStatistics,
  context: OrderContext,
): DeskRfqStatisticsType & { readonly __typename: 'DeskRfqStatistics' } {
  const scales = scalesOf(context, symbol);
  return {
    __typename: 'DeskRfqStatistics',
    symbol,
    from: toTimestamp(from),
    to: toTimestamp(to),
    fills: figures.fills,
    unmeasuredFills: figures.unmeasured,
    quantity: formatUnits(figures.quantity, scales.quantity),
    notional: formatMoney(figures.notional, scales.quote),
    spreadCaptured: formatMoney(figures.spreadCaptured, scales.quote),
    trading: houseTradingAnswer(figures.trading, scales),
    inventory: inventory.map((point) => ({
      at: toTimestamp(point.at),
      inventory: formatUnits(point.inventory, scales.quantity),
    })),
  };
}
