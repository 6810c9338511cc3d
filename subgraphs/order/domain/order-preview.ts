import type { Instrument } from '#shared/domain/instrument.ts';
import { divideDown, ONE } from '#shared/domain/decimal.ts';
import { midPrice, type Price } from '#shared/domain/price.ts';
import type { OrderDenial } from './order-denial.ts';
import type { NewOrder } from './order-progress.ts';
import { averageFillPrice, type Order, type OrderHold } from './order.ts';
import type { ReferenceQuote } from './price-collar.ts';

/** What becomes of a previewed order at once: all done, or what happens to the rest. */
export type PreviewEnd = 'FILLED' | 'RESTS' | 'WAITS' | 'EXPIRES' | 'CANCELED' | 'REJECTED';

/** What placing an order would do at one moment. */
export interface OrderPreview {
  /** With what only this moment tells of it. */
  readonly order: NewOrder;
  /** Null if there is none of this symbol. */
  readonly instrument: Instrument | null;
  /** The market it was measured against. */
  readonly quote: ReferenceQuote | null;
  /** All that would deny it; none if it would be taken. */
  readonly violations: readonly OrderDenial[];
  /** What would be set aside; null if it would be denied. */
  readonly hold: OrderHold | null;
  /** Null if it would be denied. */
  readonly execution: {
    /** With the sums of what it would trade at once. */
    readonly order: Order;
    readonly end: PreviewEnd;
  } | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * How much worse than the middle of the market the average price is, in units of 10^-18 of a basis
 * point, negative when it is better; null without a fill or a market.
 */
export function slippageBps({ order, quote, execution }: OrderPreview): bigint | null {
  const average = execution === null ? null : averageFillPrice(execution.order);
  const middle = middleOf(quote);
  if (average === null || middle === null) return null;
  return slippageOf(order.side, average, middle);
}

/** As {@link slippageBps}, of a price. */
export function slippageOf(side: Order['side'], price: Price, middle: Price): bigint {
  const worse = side === 'BUY' ? price - middle : middle - price;
  const magnitude = divideDown((worse < 0n ? -worse : worse) * 10_000n * ONE, middle);
  return worse < 0n ? -magnitude : magnitude;
}

/** The middle of a market; null if it lacks a side. */
export function middleOf(quote: ReferenceQuote | null): Price | null {
  if (quote === null || quote.bidPrice === null || quote.askPrice === null) return null;
  return midPrice(quote.bidPrice, quote.askPrice);
}
