import { divideDown, divideUp, ONE } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import type { RfqAccept } from './rfq.ts';

const WHOLE_BPS = 10_000n;

/** The last look at an accepted quote: how the market has moved since the quote was made. */
export interface LastLook {
  /** The middle of the market at the look; null if the quote was not made from one, and nothing is measured. */
  readonly midPrice: Price | null;
  /**
   * The move against the quote's own middle, in basis points as a count of 10^-18, rounded toward zero;
   * positive when the client would get a worse price now.
   */
  readonly moveBps: bigint;
}

/** What a last look comes to. */
export type LastLookDecision =
  | { readonly kind: 'fill'; readonly price: Price; readonly lastLook: LastLook }
  | { readonly kind: 'moved'; readonly lastLook: LastLook };

/** What is looked at. */
export interface LookedAt {
  readonly accept: Pick<RfqAccept, 'side' | 'price' | 'maxSlippageBps'>;
  /** The middle of the market that the quote was made from; null for a quote without one. */
  readonly quotedMid: Price | null;
  /** The middle of the market now. */
  readonly mid: Price;
  /** What is the desk's risk and the client's chance alike, in basis points. */
  readonly toleranceBps: number;
}

/**
 * The last look: one tolerance in both directions. A move within it, either way, fills at the quoted price. One
 * beyond it for the client is passed on whole; one beyond it against the desk is refused, unless the client has said that
 * it may slip so far. A price moves as the middle does, and is rounded to the tick away from the market.
 */
export function lookLast(
  { accept, quotedMid, mid, toleranceBps }: LookedAt,
  { tickSize }: Pick<Instrument, 'tickSize'>,
): LastLookDecision {
  const { side, price } = accept;
  if (quotedMid === null) {
    return { kind: 'fill', price, lastLook: { midPrice: null, moveBps: 0n } };
  }
  const towards = side === 'BUY' ? mid - quotedMid : quotedMid - mid;
  const moveBps = (towards * WHOLE_BPS * ONE) / quotedMid;
  const lastLook = { midPrice: mid, moveBps };
  const size = towards < 0n ? -towards : towards;
  if (size * WHOLE_BPS <= BigInt(toleranceBps) * quotedMid)
    return { kind: 'fill', price, lastLook };
  const round = side === 'BUY' ? divideUp : divideDown;
  const moved = priceOfUnits(round(price * mid, quotedMid * tickSize) * tickSize);
  const isWorse = side === 'BUY' ? moved > price : moved < price;
  if (!isWorse) return { kind: 'fill', price: moved, lastLook };
  const worst = worstAccepted(accept, { tickSize });
  const maySlip = side === 'BUY' ? moved <= worst : moved >= worst;
  return maySlip ? { kind: 'fill', price: moved, lastLook } : { kind: 'moved', lastLook };
}

/** The worst price that an accept takes, rounded to the tick toward the accepted one. */
export function worstAccepted(
  { side, price, maxSlippageBps }: Pick<RfqAccept, 'side' | 'price' | 'maxSlippageBps'>,
  { tickSize }: Pick<Instrument, 'tickSize'>,
): Price {
  const slip = BigInt(maxSlippageBps);
  const ticks =
    side === 'BUY'
      ? divideDown(price * (WHOLE_BPS + slip), WHOLE_BPS * tickSize)
      : divideUp(price * (WHOLE_BPS - slip), WHOLE_BPS * tickSize);
  return priceOfUnits(ticks * tickSize);
}
