import { ageOf } from '#shared/domain/age.ts';
import { toTimestamp } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { formatMoney, moneyOfUnits } from '#shared/domain/money.ts';
import { formatPrice, type Price } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { OrderPreview as OrderPreviewType } from '../__generated__/graphql.ts';
import type { OrderDenial } from '../domain/rules/order-denial.ts';
import { type OrderPreview, slippageBps } from '../domain/order-preview.ts';
import { averageFillPrice } from '../domain/order.ts';

type PreviewAnswer = OrderPreviewType & { readonly __typename: 'OrderPreview' };

/** The answer for an order that would be denied. */
export function refusedPreview(violations: readonly OrderDenial[]): PreviewAnswer {
  return {
    __typename: 'OrderPreview',
    wouldBeAccepted: false,
    violations: [...violations],
    end: null,
    estimatedFilledQuantity: '0',
    estimatedAverageFillPrice: null,
    notional: '0',
    estimatedFee: '0',
    total: '0',
    slippageBps: null,
    holdAsset: null,
    holdAmount: null,
    bestBid: null,
    bestAsk: null,
    quoteAsOf: null,
    ageMs: null,
  };
}

/** A preview with its amounts padded to the instrument's scales. */
export function orderPreviewAnswer(preview: OrderPreview): PreviewAnswer {
  const { instrument, violations } = preview;
  if (instrument === null) return refusedPreview(violations);
  return {
    ...refusedPreview(violations),
    ...marketOf(preview, instrument),
    ...executionOf(preview, instrument),
  };
}

function marketOf({ quote, at }: OrderPreview, { priceScale }: Instrument) {
  if (quote === null) return {};
  const text = (price: Price | null) => (price === null ? null : formatPrice(price, priceScale));
  return {
    bestBid: text(quote.bidPrice),
    bestAsk: text(quote.askPrice),
    quoteAsOf: toTimestamp(quote.receivedAtMs),
    ageMs: ageOf(quote.receivedAtMs, at),
  };
}

function executionOf(preview: OrderPreview, instrument: Instrument): Partial<PreviewAnswer> {
  const { execution, hold } = preview;
  if (execution === null || hold === null) return {};
  const { order, end } = execution;
  const { filledNotional, fees, side } = order;
  const { priceScale, quantityScale, quoteScale } = instrument;
  const average = averageFillPrice(order);
  const slippage = slippageBps(preview);
  const total = side === 'BUY' ? filledNotional + fees : filledNotional - fees;
  return {
    wouldBeAccepted: true,
    end,
    estimatedFilledQuantity: formatQuantity(order.filledQuantity, quantityScale),
    estimatedAverageFillPrice: average === null ? null : formatPrice(average, priceScale),
    notional: formatMoney(filledNotional, quoteScale),
    estimatedFee: formatMoney(fees, quoteScale),
    total: formatMoney(moneyOfUnits(total), quoteScale),
    slippageBps: slippage === null ? null : formatUnits(slippage),
    holdAsset: hold.asset,
    holdAmount: formatMoney(hold.placed, side === 'BUY' ? quoteScale : quantityScale),
  };
}
