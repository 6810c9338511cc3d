import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { OrderSide } from '../order.ts';
import { type PriceAsk, quotedSide, withinRoom } from './price-quote.ts';
import type { PricedQuote } from './rfq-quote.ts';

const WHOLE_BPS = 10_000n;

/** What a pricer that is not ours says of one size. */
export interface OutsidePrice {
  /** Null if it does not quote that side. */
  readonly bidPrice: Price | null;
  readonly askPrice: Price | null;
  /** Its own name for this price; null if it gives none. */
  readonly reference: string | null;
  /** When it was asked, milliseconds since the epoch: the price may be as old as that. */
  readonly askedAt: number;
}

/** What is believed of such a price. */
export interface OutsideBounds {
  /** How far it may be from the middle of the market, either way, in basis points. */
  readonly collarBps: number;
  /** How long ago it may have been asked for, in milliseconds. */
  readonly maxAgeMs: number;
}

/** What can be wrong with such a price. */
export type OutsideFault = 'STALE' | 'OFF_TICK' | 'BEYOND_COLLAR' | 'CROSSED';

/** The market beside which a price is believed. */
export interface OutsideMarket {
  readonly sequence: string;
  readonly midPrice: Price;
  readonly volatilityBps: bigint;
}

/** What of a price cannot be believed; null if it can. One side that cannot spoils both. */
export function outsideFault(
  { bidPrice, askPrice, askedAt }: OutsidePrice,
  { midPrice, nowMs }: Pick<OutsideMarket, 'midPrice'> & { readonly nowMs: number },
  { collarBps, maxAgeMs }: OutsideBounds,
  { tickSize }: Pick<Instrument, 'tickSize'>,
): OutsideFault | null {
  if (nowMs - askedAt > maxAgeMs) return 'STALE';
  const prices = [bidPrice, askPrice].filter((one) => one !== null);
  if (prices.some((one) => one <= 0n || one % tickSize !== 0n)) return 'OFF_TICK';
  const most = BigInt(collarBps) * midPrice;
  const isFar = (one: Price) =>
    (one > midPrice ? one - midPrice : midPrice - one) * WHOLE_BPS > most;
  if (prices.some(isFar)) return 'BEYOND_COLLAR';
  return bidPrice !== null && askPrice !== null && bidPrice >= askPrice ? 'CROSSED' : null;
}

/**
 * The quote of a price that can be believed, each side within what the house may still trade.
 * @param room base units left to each side of the house; null without a bound
 * @returns null if neither side is left
 */
export function outsideQuote(
  { side, size, tier }: Omit<PriceAsk, 'inventory'>,
  { bidPrice, askPrice, reference, askedAt }: OutsidePrice,
  market: OutsideMarket,
  room: (houseSide: OrderSide) => bigint | null,
  instrument: Pick<Instrument, 'quantityStep'>,
): PricedQuote | null {
  const bid = side === 'BUY' ? null : quotedSide(bidPrice, size, instrument);
  const ask = side === 'SELL' ? null : quotedSide(askPrice, size, instrument);
  const sides = { bid: withinRoom(bid, room('BUY')), ask: withinRoom(ask, room('SELL')) };
  if (sides.bid === null && sides.ask === null) return null;
  const basis = {
    bookSequence: market.sequence,
    books: [],
    midPrice: market.midPrice,
    volatilityBps: market.volatilityBps,
    walkedAskPrice: null,
    walkedBidPrice: null,
    spreadBps: 0n,
    skewBps: 0n,
    tier: tier.name,
    outside: { reference, askedAt },
  };
  return { ...sides, basis };
}
