import { divideDown, divideUp, ONE } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { midPrice, type Price, priceOfUnits } from '#shared/domain/price.ts';
import type { OrderSide, OrderTerms } from './order.ts';
import type { ReferenceQuote } from './rules/price-collar.ts';

/** What triggers a waiting order: a move against its side, one in its favor, or a trailed one. */
export type TriggerKind = 'STOP' | 'TAKE_PROFIT' | 'TRAILING_STOP';
/** The watched price: the last trade here within the market, what the order would meet, or the mid price. */
export type TriggerSource = 'LAST_PRICE' | 'BID_ASK' | 'MID_POINT';
/** How far a trailing stop stays behind the best price seen. */
export interface TrailingOffset {
  readonly type: 'PRICE' | 'BASIS_POINTS' | 'TICKS';
  /** In units of 10^-18: quote units, basis points or ticks. */
  readonly offset: bigint;
}

/** The highest trigger price, in the quote asset: calculations with it fit in the store. */
const FARTHEST = 10n ** 15n * ONE;

/**
 * The largest offset of a kind, as a count of 10^-18: the whole price, or what no price comes to.
 */
export function largestOffset(
  type: TrailingOffset['type'],
  { tickSize }: Pick<Instrument, 'tickSize'>,
): bigint {
  switch (type) {
    case 'PRICE':
      return FARTHEST;
    case 'BASIS_POINTS':
      return 10_000n * ONE;
    case 'TICKS':
      return divideDown(FARTHEST, tickSize) * ONE;
  }
}

/** What an order waits for, outside the book, before its terms apply. */
export interface OrderTrigger {
  readonly kind: TriggerKind;
  readonly source: TriggerSource;
  /** For a trailing stop the current value; zero before the first calculation. */
  readonly triggerPrice: Price;
  /** How long it waits, and lives once triggered; a MARKET order is then IOC. */
  readonly timeInForce: 'GTC' | 'GTD' | 'DAY';
  /** Null but for TRAILING_STOP. */
  readonly trailing: TrailingOffset | null;
  /** Milliseconds since the epoch; null while it waits. */
  readonly triggeredAt: number | null;
}

/** The prices that triggers watch, all of one moment. */
export interface WatchedPrices {
  /** Null if there is none, or it is stale: a stale quote triggers nothing. */
  readonly quote: ReferenceQuote | null;
  /** The last trade of the instrument on our book; null before the first. */
  readonly lastPrice: Price | null;
}

/**
 * The price a trigger watches; for BID_ASK what the order would pay. Null if there is none. The last
 * trade counts only within the market: it can be days old, and two who trade with each other can
 * make it what they like.
 */
export function watchedPrice(
  side: OrderSide,
  { source }: Pick<OrderTrigger, 'source'>,
  { quote, lastPrice }: WatchedPrices,
): Price | null {
  if (quote === null) return null;
  const { bidPrice, askPrice } = quote;
  if (source === 'BID_ASK') return side === 'BUY' ? askPrice : bidPrice;
  if (bidPrice === null || askPrice === null) return null;
  if (source === 'MID_POINT' || lastPrice === null) return midPrice(bidPrice, askPrice);
  const [lower, upper] = bidPrice < askPrice ? [bidPrice, askPrice] : [askPrice, bidPrice];
  if (lastPrice < lower) return lower;
  return lastPrice > upper ? upper : lastPrice;
}

/** Whether a rise of the watched price triggers such an order; otherwise a fall does. */
export function waitsForRise(side: OrderSide, kind: TriggerKind): boolean {
  return (side === 'BUY') === (kind !== 'TAKE_PROFIT');
}

/** Whether a watched price triggers the order; the trigger price itself does. */
export function isTriggerMet(
  side: OrderSide,
  { kind, triggerPrice }: Pick<OrderTrigger, 'kind' | 'triggerPrice'>,
  watched: Price,
): boolean {
  return waitsForRise(side, kind) ? watched >= triggerPrice : watched <= triggerPrice;
}

/**
 * A trailing stop's trigger price after a watched price: closer to the market or unchanged, on the
 * tick.
 */
export function trailedPrice(
  side: OrderSide,
  { triggerPrice, trailing }: Pick<OrderTrigger, 'triggerPrice' | 'trailing'>,
  watched: Price,
  { tickSize }: Pick<Instrument, 'tickSize'>,
): Price {
  if (trailing === null) return triggerPrice;
  const distance = distanceOf(trailing, watched, tickSize);
  const ticks =
    side === 'BUY'
      ? divideUp(watched + distance, tickSize)
      : divideDown(watched > distance ? watched - distance : 0n, tickSize);
  const candidate = priceOfUnits((ticks > 0n ? ticks : 1n) * tickSize);
  if (triggerPrice === 0n) return candidate;
  const isNearer = side === 'BUY' ? candidate < triggerPrice : candidate > triggerPrice;
  return isNearer ? candidate : triggerPrice;
}

/** The order type as clients see it: what it waits for and what it does then. */
export function orderTypeOf(
  terms: OrderTerms,
  trigger: Pick<OrderTrigger, 'kind'> | null,
): OrderTerms['orderType'] | `${TriggerKind}_${OrderTerms['orderType']}` {
  return trigger === null ? terms.orderType : `${trigger.kind}_${terms.orderType}`;
}

function distanceOf({ type, offset }: TrailingOffset, watched: Price, tickSize: Price): bigint {
  switch (type) {
    case 'PRICE':
      return offset;
    case 'BASIS_POINTS':
      return divideDown(watched * offset, 10_000n * ONE);
    case 'TICKS':
      return divideDown(offset * tickSize, ONE);
  }
}
