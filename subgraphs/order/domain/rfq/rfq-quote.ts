import type { QuoteId, RfqId } from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { OrderSide } from '../order.ts';
import type { TakenDepth } from './taken-depth.ts';

/** Who made a quote. */
export type QuoteSource = 'MACHINE' | 'TRADER';

/** One side of a quote: the client buys at `ASK` and sells at `BID`. */
export interface QuoteSide {
  readonly price: Price;
  /** Base units: the requested quantity, or what a quote quantity buys at the price. */
  readonly quantity: Quantity;
}

/** The origin of an outside price. */
interface OutsideSource {
  /** The outside pricer's own name for the price; null if it gave none. */
  readonly reference: string | null;
  /** When the price was requested, milliseconds since the epoch. */
  readonly askedAt: number;
}

/** One venue's book on which a size was walked. */
export interface WalkedBook {
  readonly venue: string;
  readonly sequence: string;
}

/** The inputs of a quote, from which it can be explained and recalculated. Rates are counts of 10^-18. */
export interface QuoteBasis {
  /** The sequence of the market's top of book. */
  readonly bookSequence: string;
  /** The books that were walked as one; empty if only the market's own was walked. */
  readonly books: readonly WalkedBook[];
  /** The middle of the market. */
  readonly midPrice: Price;
  /** The average price of the size on the asks, and on the bids; null if they lack the depth. */
  readonly walkedAskPrice: Price | null;
  readonly walkedBidPrice: Price | null;
  /** What the client had just taken on the quoted sides: they were walked beyond it. */
  readonly taken: TakenDepth;
  /** How far each side was moved away from the walked price, in basis points. */
  readonly spreadBps: bigint;
  /** How far both sides were moved up (down if negative) against the house's inventory. */
  readonly skewBps: bigint;
  /** The recent range of the middle, in basis points. */
  readonly volatilityBps: bigint;
  /** The client's fee tier, whose share of the spread it pays. */
  readonly tier: string;
  /** The origin of an outside price, for which nothing was walked and the rates are 0. */
  readonly outside: OutsideSource | null;
}

/** Prices for one size at one moment; at least one side is present. */
export interface PricedQuote {
  readonly bid: QuoteSide | null;
  readonly ask: QuoteSide | null;
  /** Null for a trader's quote, which is not measured against a market. */
  readonly basis: QuoteBasis | null;
}

/** A firm price of a request for quote. Times are milliseconds since the epoch. */
export interface RfqQuote extends PricedQuote {
  readonly id: QuoteId;
  readonly rfqId: RfqId;
  readonly source: QuoteSource;
  readonly createdAt: number;
  /** The quote has expired from this instant on. */
  readonly validUntil: number;
  /** Null unless it was withdrawn. */
  readonly withdrawnAt: number | null;
}

/** The side of a quote that a client trades on; null if there is none. */
export function quoteSideFor(side: OrderSide, { bid, ask }: PricedQuote): QuoteSide | null {
  return side === 'BUY' ? ask : bid;
}

/** Whether a quote can still be accepted. */
export function isFirm({ validUntil, withdrawnAt }: RfqQuote, nowMs: number): boolean {
  return withdrawnAt === null && nowMs < validUntil;
}

/** Whether two quotes have the same prices and quantities; their times and inputs are not compared. */
export function isSameQuote(left: PricedQuote, right: PricedQuote): boolean {
  return isSameSide(left.bid, right.bid) && isSameSide(left.ask, right.ask);
}

/**
 * Whether the last look at two quotes measures from the same market, and from the same request of an outside price: what
 * has happened since the older one would count against whoever accepts it, though the desk still makes its price.
 */
export function isOfSameMarket(
  { basis: left }: PricedQuote,
  { basis: right }: PricedQuote,
): boolean {
  const isSameMiddle = left?.midPrice === right?.midPrice;
  return isSameMiddle && left?.outside?.askedAt === right?.outside?.askedAt;
}

function isSameSide(left: QuoteSide | null, right: QuoteSide | null): boolean {
  return left?.price === right?.price && left?.quantity === right?.quantity;
}
