import { divideDown, divideUp, ONE } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { WHOLE_BPS } from '../basis-points.ts';
import { marginBps } from '../house-skew.ts';
import type { OrderSide } from '../order.ts';
import type { QuoteBasis } from './rfq-quote.ts';
import type { RfqAccept } from './rfq.ts';

/** The measurement of a last look: how the market has moved since the accepted quote was made. */
export interface LastLook {
  /** The middle of the market at the look; null if the quote was not made from a market, and nothing is measured. */
  readonly midPrice: Price | null;
  /**
   * The move against the quote's own middle, in basis points as a count of 10^-18, rounded toward zero;
   * positive if the client would get a worse price now.
   */
  readonly moveBps: bigint;
  /** What the client has taken since the quote was made has worsened the price by this, in the same unit; at least 0. */
  readonly takenBps: bigint;
}

/** The result of a last look. */
export type LastLookDecision =
  | { readonly kind: 'fill'; readonly price: Price; readonly lastLook: LastLook }
  | { readonly kind: 'moved'; readonly lastLook: LastLook };

/** The input of a last look. */
export interface LookedAt {
  readonly accept: Pick<RfqAccept, 'side' | 'price' | 'maxSlippageBps'>;
  /** The middle of the market from which the quote was made; null for a quote without one. */
  readonly quotedMid: Price | null;
  /** The middle of the market now. */
  readonly mid: Price;
  /** See {@link LastLook.takenBps}. */
  readonly takenBps: bigint;
  /** The tolerance, equal in both directions, in basis points as a count of 10^-18; see {@link toleranceFor}. */
  readonly toleranceBps: bigint;
}

/**
 * The tolerance for a quote, in basis points as a count of 10^-18: the desk's, but never more than the quote's own side was
 * moved away from the market, or an outside pricer's price is away from the middle. A client chooses which of the firm
 * quotes to accept, and when. With a larger tolerance it could buy for less than the market asks by then, and sell back at
 * the newest quote, and the desk would pay for both.
 * @param accept the accepted side, which is the client's, and price
 * @param basis what the quote was made from; null for a trader's quote
 * @param mostBps the desk's tolerance, in basis points
 */
export function toleranceFor(
  accept: Pick<RfqAccept, 'side' | 'price'>,
  basis: Pick<QuoteBasis, 'spreadBps' | 'skewBps' | 'midPrice' | 'outside'> | null,
  mostBps: number,
): bigint {
  const most = BigInt(mostBps) * ONE;
  if (basis === null) return most;
  const away =
    basis.outside === null
      ? marginBps(accept.side, basis)
      : worseBps(accept.side, basis.midPrice, accept.price);
  if (away < 0n) return 0n;
  return away < most ? away : most;
}

/**
 * The last look: one tolerance in both directions. A move within it fills at the quoted price. A larger move in the
 * client's favor is passed on in full. A larger move against the desk is refused, unless the client allows that much
 * slippage. The price moves in proportion to the middle and by `takenBps`, and is rounded to the tick away from the
 * market.
 */
export function lookLast(
  { accept, quotedMid, mid, takenBps, toleranceBps }: LookedAt,
  { tickSize }: Pick<Instrument, 'tickSize'>,
): LastLookDecision {
  const { side, price } = accept;
  if (quotedMid === null) {
    return { kind: 'fill', price, lastLook: { midPrice: null, moveBps: 0n, takenBps: 0n } };
  }
  const moveBps = worseBps(side, quotedMid, mid);
  const lastLook = { midPrice: mid, moveBps, takenBps };
  // What the price is made from, then and now, both in the same unit.
  const before = quotedMid * WHOLE_BPS * ONE;
  const after = mid * (WHOLE_BPS * ONE + (side === 'BUY' ? takenBps : -takenBps));
  const size = after < before ? before - after : after - before;
  if (size * WHOLE_BPS * ONE <= toleranceBps * before) return { kind: 'fill', price, lastLook };
  const round = side === 'BUY' ? divideUp : divideDown;
  const moved = priceOfUnits(round(price * after, before * tickSize) * tickSize);
  const isWorse = side === 'BUY' ? moved > price : moved < price;
  if (!isWorse) return { kind: 'fill', price: moved, lastLook };
  const worst = worstAccepted(accept, { tickSize });
  const maySlip = side === 'BUY' ? moved <= worst : moved >= worst;
  return maySlip ? { kind: 'fill', price: moved, lastLook } : { kind: 'moved', lastLook };
}

/** How much worse a price is for a client than another, in basis points as a count of 10^-18, rounded toward zero. */
export function worseBps(side: OrderSide, from: Price, to: Price): bigint {
  const worse = side === 'BUY' ? to - from : from - to;
  return (worse * WHOLE_BPS * ONE) / from;
}

/** The worst price that the accept allows, whole ticks from the accepted price, which may be off a tick that has changed. */
export function worstAccepted(
  { side, price, maxSlippageBps }: Pick<RfqAccept, 'side' | 'price' | 'maxSlippageBps'>,
  { tickSize }: Pick<Instrument, 'tickSize'>,
): Price {
  const slip = divideDown(price * BigInt(maxSlippageBps), WHOLE_BPS * tickSize) * tickSize;
  return priceOfUnits(side === 'BUY' ? price + slip : price - slip);
}
