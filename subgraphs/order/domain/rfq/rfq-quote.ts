import type { QuoteId, RfqId } from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { OrderSide } from '../order.ts';

/** Who made a quote. */
export type QuoteSource = 'MACHINE' | 'TRADER';

/** One side of a quote: the client buys at `ASK` and sells at `BID`. */
export interface QuoteSide {
  readonly price: Price;
  /** Base units: what was asked for, or what a quote quantity comes to at the price. */
  readonly quantity: Quantity;
}

/** Where a price of somebody else comes from. */
interface OutsideSource {
  /** The other's own name for it; null if it gave none. */
  readonly reference: string | null;
  /** When it was asked for, milliseconds since the epoch. */
  readonly askedAt: number;
}

/** The book of one venue that a size was walked on. */
export interface WalkedBook {
  readonly venue: string;
  readonly sequence: string;
}

/** What a quote was made from, so that it can be explained and calculated again. Rates are counts of 10^-18. */
export interface QuoteBasis {
  /** The sequence of the market's top of book. */
  readonly bookSequence: string;
  /** The books that were walked as one; none if the market's own was walked alone. */
  readonly books: readonly WalkedBook[];
  /** The middle of the market. */
  readonly midPrice: Price;
  /** The average price of the size on the asks, and on the bids; null if they lack the depth. */
  readonly walkedAskPrice: Price | null;
  readonly walkedBidPrice: Price | null;
  /** How far each side was moved away from the walked price, in basis points. */
  readonly spreadBps: bigint;
  /** How far both sides were moved up (or, negative, down) against what the house has. */
  readonly skewBps: bigint;
  /** How far the middle has ranged lately, in basis points. */
  readonly volatilityBps: bigint;
  /** The client's fee tier, whose share of the spread it pays. */
  readonly tier: string;
  /** Whose price it is when it is not ours: then nothing was walked, and the rates are 0. */
  readonly outside: OutsideSource | null;
}

/** Prices for one size, of one moment; at least one side is there. */
export interface PricedQuote {
  readonly bid: QuoteSide | null;
  readonly ask: QuoteSide | null;
  /** Null for a trader's quote on a market that has no price. */
  readonly basis: QuoteBasis | null;
}

/** A firm price of a request for quote. Times are milliseconds since the epoch. */
export interface RfqQuote extends PricedQuote {
  readonly id: QuoteId;
  readonly rfqId: RfqId;
  readonly source: QuoteSource;
  readonly createdAt: number;
  /** At this instant exactly it has expired. */
  readonly validUntil: number;
  /** Null unless it was withdrawn. */
  readonly withdrawnAt: number | null;
}

/** The side of a quote that a client trades on; null if there is none. */
export function quoteSideFor(side: OrderSide, { bid, ask }: PricedQuote): QuoteSide | null {
  return side === 'BUY' ? ask : bid;
}

/** Can still be accepted. */
export function isFirm({ validUntil, withdrawnAt }: RfqQuote, nowMs: number): boolean {
  return withdrawnAt === null && nowMs < validUntil;
}

/** Whether two quotes say the same; when they were made and from what is no matter. */
export function isSameQuote(left: PricedQuote, right: PricedQuote): boolean {
  return isSameSide(left.bid, right.bid) && isSameSide(left.ask, right.ask);
}

function isSameSide(left: QuoteSide | null, right: QuoteSide | null): boolean {
  return left?.price === right?.price && left?.quantity === right?.quantity;
}
