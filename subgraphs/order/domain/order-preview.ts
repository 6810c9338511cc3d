import type { Instrument } from '#shared/domain/instrument.ts';
import { divideDown, ONE } from '#shared/domain/decimal.ts';
import { midPrice, type Price } from '#shared/domain/price.ts';
import type { OrderDenial } from './rules/order-denial.ts';
import type { NewOrder } from './order-progress.ts';
import { averageFillPrice, type Order, type OrderHold } from './order.ts';
import type { ReferenceQuote } from './rules/price-collar.ts';

/** The immediate outcome of a previewed order: filled, or what happens to the rest. */
export type PreviewEnd = 'FILLED' | 'RESTS' | 'WAITS' | 'EXPIRES' | 'CANCELED' | 'REJECTED';

/** What placing an order would do at one moment. */
export interface OrderPreview {
  /** With the parts that only this moment determines. */
  readonly order: NewOrder;
  /** Null if there is no such symbol. */
  readonly instrument: Instrument | null;
  /** The market it was measured against. */
  readonly quote: ReferenceQuote | null;
  /** All rules that would deny it; none if it would be accepted. */
  readonly violations: readonly OrderDenial[];
  /** The hold; null if it would be denied. */
  readonly hold: OrderHold | null;
  /** Null if it would be denied. */
  readonly execution: {
    /** With the sums of its immediate trades. */
    readonly order: Order;
    readonly end: PreviewEnd;
  } | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * How much worse than the mid price the average price is, in units of 10^-18 of a basis point,
 * negative if it is better; null without a fill or a market.
 */
export function slippageBps({ order, quote, execution }: OrderPreview): bigint | null {
  const average = execution === null ? null : averageFillPrice(execution.order);
  const middle = middleOf(quote);
  if (average === null || middle === null) return null;
  return slippageOf(order.side, average, middle);
}

/** Like {@link slippageBps}, for a price. */
export function slippageOf(side: Order['side'], price: Price, middle: Price): bigint {
  const worse = side === 'BUY' ? price - middle : middle - price;
  const magnitude = divideDown((worse < 0n ? -worse : worse) * 10_000n * ONE, middle);
  return worse < 0n ? -magnitude : magnitude;
}

/** The mid price of a market; null if it lacks a side. */
export function middleOf(quote: ReferenceQuote | null): Price | null {
  if (quote === null || quote.bidPrice === null || quote.askPrice === null) return null;
  return midPrice(quote.bidPrice, quote.askPrice);
}
