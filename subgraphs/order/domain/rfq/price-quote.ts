import { divideDown, divideUp, ONE } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { midPrice, type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import { WHOLE_BPS } from '../basis-points.ts';
import type { FeeTier } from '../fee-tier.ts';
import { type HouseSkew, marginBps, quotableRoom, skewBps } from '../house-skew.ts';
import { type OrderSide } from '../order.ts';
import type { PricedQuote, QuoteSide, WalkedBook } from './rfq-quote.ts';
import type { RfqSize } from './rfq.ts';
import { NOTHING_TAKEN, type TakenDepth } from './taken-depth.ts';
import { type DepthLevel, walkDepth } from './walk-depth.ts';

/** Of which a spread is a part, which is a count of 10^-18 basis points. */
const WHOLE = WHOLE_BPS * ONE;

/** How a price is made from a market. All are whole numbers. */
export interface QuotePricing {
  /** How far each side is moved away from the market at every size, in basis points. */
  readonly spreadBps: number;
  /** Basis points added for each million of the quote asset. */
  readonly sizeBpsPerMillion: number;
  /** The share of the last ten seconds' range that is added, in percent. */
  readonly volatilityPercent: number;
  /** How both sides lean against the house's inventory, and the inventory's limit; null for a house without either. */
  readonly skew: HouseSkew | null;
}

/** The books of several venues as one, fresh and not crossed. */
export interface ConsolidatedBooks {
  /** Best first. */
  readonly bids: readonly DepthLevel[];
  /** Best first. */
  readonly asks: readonly DepthLevel[];
  readonly books: readonly WalkedBook[];
}

/** A fresh, tradable market whose levels are walked. */
export interface PricingMarket {
  readonly sequence: string;
  /** Best first. */
  readonly bids: readonly DepthLevel[];
  /** Best first. */
  readonly asks: readonly DepthLevel[];
  /** The books on which a size is walked instead of the market's own levels; null if there are none. */
  readonly consolidated: ConsolidatedBooks | null;
  /** See `MidHistory`. */
  readonly volatilityBps: bigint;
}

/** The trade to price, and for whom. */
export interface PriceAsk {
  /** The client's; null for both. */
  readonly side: OrderSide | null;
  readonly size: RfqSize;
  readonly tier: FeeTier;
  /** The house's inventory in base units, as a count of 10^-18; negative if it has sold more than it bought. */
  readonly inventory: bigint;
  /** What the client has just taken; omitted if that is nothing. */
  readonly taken?: TakenDepth | undefined;
}

/**
 * The price of a size. With `mid` the middle of the market, and everything in exact decimals:
 *
 *     walked  = average price of the size on that side of the books of all venues, or of the market's own alone,
 *               beyond what the client has just taken there
 *     spread  = (spreadBps + sizeBpsPerMillion × (size + 2 × taken) at mid ÷ 1,000,000) × the tier's share of fees
 *               + volatilityPercent ÷ 100 × range of the last 10 s, in whole basis points, rounded up
 *     ask     = the higher one of walked ask and mid × (10,000 + spread + skew) ÷ 10,000, up to the tick
 *     bid     = the lower one of walked bid and mid × (10,000 − spread + skew) ÷ 10,000, down to the tick
 *
 * where the skew never outweighs the spread, see `marginBps`.
 *
 * The middle is always the market's own: the last look compares middles, and a difference between venues must not count
 * as a move. For the same reason other venues give no price past it: they can move while it stands still, and whoever
 * bought at a price from before, and sold back at one from after, would have what they moved. The spread is rounded up at
 * 18 digits. A quote quantity is quoted as the whole steps that it buys at the price.
 *
 * With what was taken a quantity in pieces costs what it costs as a whole: the pieces are walked one after the other, and
 * the squares of their sizes and twice their products, by which their spreads grow, add up to the square of the whole.
 * `taken` counts on the requested sides alone.
 * @returns null if no side has a price, because the depth is too small or the house is at its limit
 */
export function priceQuote(
  ask: PriceAsk,
  market: PricingMarket,
  pricing: QuotePricing,
  instrument: Pick<Instrument, 'tickSize'> & QuantityRules,
): PricedQuote | null {
  const mid = midOf(market);
  if (mid === null) return null;
  const { skew } = pricing;
  const value = { quantity: ask.inventory, price: mid };
  const taken = takenFrom(ask);
  const away = {
    spreadBps: spreadOf({ ...ask, taken }, mid, market, pricing),
    skewBps: skew === null ? 0n : skewBps(skew, value),
  };
  const depth = market.consolidated ?? market;
  const walkedAskPrice = walkDepth(depth.asks, ask.size, taken.ask, 'up');
  const walkedBidPrice = walkDepth(depth.bids, ask.size, taken.bid, 'down');
  const room = (side: OrderSide) => (skew === null ? null : quotableRoom(side, skew, value));
  const asked =
    ask.side === 'SELL'
      ? null
      : askPriceOf(walkedAskPrice, mid, marginBps('BUY', away), instrument);
  const bid =
    ask.side === 'BUY'
      ? null
      : bidPriceOf(walkedBidPrice, mid, marginBps('SELL', away), instrument);
  const sides = {
    ask: withinRoom(quotedSide(asked, ask.size, instrument), room('SELL')),
    bid: withinRoom(quotedSide(bid, ask.size, instrument), room('BUY')),
  };
  if (sides.ask === null && sides.bid === null) return null;
  const basis = {
    bookSequence: market.sequence,
    books: market.consolidated?.books ?? [],
    midPrice: mid,
    walkedAskPrice,
    walkedBidPrice,
    taken,
    ...away,
    volatilityBps: market.volatilityBps,
    tier: ask.tier.name,
    outside: null,
  };
  return { ...sides, basis };
}

/** The middle of a market; null if it lacks a side. */
export function midOf({ bids, asks }: Pick<PricingMarket, 'bids' | 'asks'>): Price | null {
  const [bid, ask] = [bids[0], asks[0]];
  return bid === undefined || ask === undefined ? null : midPrice(bid.price, ask.price);
}

function takenFrom({ side, taken = NOTHING_TAKEN }: PriceAsk): TakenDepth {
  return {
    ask: side === 'SELL' ? 0n : taken.ask,
    bid: side === 'BUY' ? 0n : taken.bid,
  };
}

function spreadOf(
  { size, tier, taken }: Pick<PriceAsk, 'size' | 'tier'> & { readonly taken: TakenDepth },
  mid: Price,
  { volatilityBps }: PricingMarket,
  { spreadBps, sizeBpsPerMillion, volatilityPercent }: QuotePricing,
): bigint {
  const before = 2n * (taken.ask + taken.bid);
  const worth =
    size.quantity === null
      ? size.quoteQuantity + divideUp(before * mid, ONE)
      : divideUp((size.quantity + before) * mid, ONE);
  const bySize = divideUp(BigInt(sizeBpsPerMillion) * worth, 1_000_000n);
  const own = divideUp((BigInt(spreadBps) * ONE + bySize) * tier.feeShare, ONE);
  return own + divideUp(BigInt(volatilityPercent) * volatilityBps, 100n);
}

/** An ask: never below the middle, a margin above the walked price, and on the tick; null if there is none. */
export function askPriceOf(
  walked: Price | null,
  mid: Price,
  up: bigint,
  { tickSize }: Pick<Instrument, 'tickSize'>,
): Price | null {
  if (walked === null) return null;
  const from = walked > mid ? walked : mid;
  const ticks = divideUp(from * (WHOLE + up), WHOLE * tickSize);
  return ticks > 0n ? priceOfUnits(ticks * tickSize) : null;
}

/** A bid: never above the middle, a margin below the walked price, and on the tick; null if there is none. */
export function bidPriceOf(
  walked: Price | null,
  mid: Price,
  down: bigint,
  { tickSize }: Pick<Instrument, 'tickSize'>,
): Price | null {
  if (walked === null || down >= WHOLE) return null;
  const from = walked < mid ? walked : mid;
  const ticks = divideDown(from * (WHOLE - down), WHOLE * tickSize);
  return ticks > 0n ? priceOfUnits(ticks * tickSize) : null;
}

/** The rules by which a quote quantity is converted to base units. */
export type QuantityRules = Pick<Instrument, 'quantityStep' | 'minQuantity' | 'maxQuantity'>;

/**
 * One side at a price, in base units; null if the price is null, or if a quote quantity is worth less or more there than
 * the instrument allows.
 */
export function quotedSide(
  price: Price | null,
  size: RfqSize,
  instrument: QuantityRules,
): QuoteSide | null {
  if (price === null) return null;
  if (size.quantity !== null) return { price, quantity: size.quantity };
  const quantity = quantityFor(size.quoteQuantity, price, instrument);
  const { minQuantity, maxQuantity } = instrument;
  const isAllowed = quantity > 0n && quantity >= minQuantity && quantity <= maxQuantity;
  return isAllowed ? { price, quantity } : null;
}

function quantityFor(
  quoteQuantity: bigint,
  price: Price,
  { quantityStep }: Pick<Instrument, 'quantityStep'>,
): Quantity {
  return quantityOfUnits(divideDown(quoteQuantity * ONE, price * quantityStep) * quantityStep);
}

/** A side, if the house can still trade that much; null otherwise. A null `room` is no limit. */
export function withinRoom(side: QuoteSide | null, room: bigint | null): QuoteSide | null {
  return side !== null && room !== null && side.quantity > room ? null : side;
}
