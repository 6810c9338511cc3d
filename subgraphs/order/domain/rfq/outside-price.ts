import { ageOf } from '#shared/domain/age.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import { WHOLE_BPS } from '../basis-points.ts';
import type { OrderSide } from '../order.ts';
import {
  askPriceOf,
  bidPriceOf,
  type PriceAsk,
  type QuantityRules,
  quotedSide,
  withinRoom,
} from './price-quote.ts';
import type { PricedQuote } from './rfq-quote.ts';
import { NOTHING_TAKEN } from './taken-depth.ts';

/** The prices of an outside pricer for one size. */
export interface OutsidePrice {
  /** Null if it does not quote that side. */
  readonly bidPrice: Price | null;
  readonly askPrice: Price | null;
  /** The pricer's own name for this price; null if it gives none. */
  readonly reference: string | null;
  /** When the price was requested, milliseconds since the epoch. The price can be as old as that. */
  readonly askedAt: number;
  /**
   * The market when the price was requested; null if there was none to trade on. The last look measures from it: the
   * pricer does not know what has happened since.
   */
  readonly askedOn: OutsideMarket | null;
}

/** The bounds within which an outside price is used. */
export interface OutsideBounds {
  /** The largest distance from the middle of the market in either direction, in basis points. */
  readonly collarBps: number;
  /** The largest age since the request, in milliseconds. */
  readonly maxAgeMs: number;
}

/** Why an outside price is not used. */
export type OutsideFault =
  'UNMEASURED' | 'STALE' | 'OFF_TICK' | 'BEYOND_COLLAR' | 'CROSSED' | 'BEHIND_MARKET';

interface MarketPrices {
  readonly bidPrice: Price;
  readonly askPrice: Price;
  readonly midPrice: Price;
}

/** The market with which an outside price is compared. */
export interface OutsideMarket extends MarketPrices {
  readonly sequence: string;
  readonly volatilityBps: bigint;
}

/**
 * Why a price is not used; null if it can be. A fault on one side excludes both. An ask below what the market pays, or a
 * bid above what it asks, is one from before the market moved: whoever took it could trade back on the market at a profit.
 */
export function outsideFault(
  { bidPrice, askPrice, askedAt, askedOn }: OutsidePrice,
  { nowMs, ...market }: MarketPrices & { readonly nowMs: number },
  { collarBps, maxAgeMs }: OutsideBounds,
  { tickSize }: Pick<Instrument, 'tickSize'>,
): OutsideFault | null {
  if (askedOn === null) return 'UNMEASURED';
  if (ageOf(askedAt, nowMs) > maxAgeMs) return 'STALE';
  const prices = [bidPrice, askPrice].filter((one) => one !== null);
  if (prices.some((one) => one <= 0n || one % tickSize !== 0n)) return 'OFF_TICK';
  const { midPrice } = market;
  const most = BigInt(collarBps) * midPrice;
  const isFar = (one: Price) =>
    (one > midPrice ? one - midPrice : midPrice - one) * WHOLE_BPS > most;
  if (prices.some(isFar)) return 'BEYOND_COLLAR';
  if (bidPrice !== null && askPrice !== null && bidPrice >= askPrice) return 'CROSSED';
  const isBehind =
    (askPrice !== null && askPrice < market.bidPrice) ||
    (bidPrice !== null && bidPrice > market.askPrice);
  return isBehind ? 'BEHIND_MARKET' : null;
}

/**
 * The quote for a price without a fault, up to the middle of the market at its request: the pricer can move inside the
 * market's spread while that stands still, and quotes from before it stay firm. A side that exceeds what the house can
 * still trade is omitted, and so is one on which the client has taken something since the price was requested, or just now.
 * @param room base units that the house can still trade on each side; null without a limit
 * @returns null if no side is left
 */
export function outsideQuote(
  { side, size, tier, taken = NOTHING_TAKEN }: Omit<PriceAsk, 'inventory'>,
  { bidPrice, askPrice, reference, askedAt, askedOn }: OutsidePrice,
  room: (houseSide: OrderSide) => bigint | null,
  instrument: Pick<Instrument, 'tickSize'> & QuantityRules,
): PricedQuote | null {
  if (askedOn === null) return null;
  const { midPrice } = askedOn;
  const isBid = side !== 'BUY' && taken.bid === 0n;
  const isAsk = side !== 'SELL' && taken.ask === 0n;
  const lowered = bidPriceOf(bidPrice, midPrice, 0n, instrument);
  const raised = askPriceOf(askPrice, midPrice, 0n, instrument);
  const bid = isBid ? quotedSide(lowered, size, instrument) : null;
  const ask = isAsk ? quotedSide(raised, size, instrument) : null;
  const sides = { bid: withinRoom(bid, room('BUY')), ask: withinRoom(ask, room('SELL')) };
  if (sides.bid === null && sides.ask === null) return null;
  const basis = {
    bookSequence: askedOn.sequence,
    books: [],
    midPrice,
    volatilityBps: askedOn.volatilityBps,
    walkedAskPrice: null,
    walkedBidPrice: null,
    taken: NOTHING_TAKEN,
    spreadBps: 0n,
    skewBps: 0n,
    tier: tier.name,
    outside: { reference, askedAt },
  };
  return { ...sides, basis };
}
