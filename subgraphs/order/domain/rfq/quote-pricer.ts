import type { UserId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { OrderSide } from '../order.ts';
import type { PriceAsk } from './price-quote.ts';
import type { PricedQuote } from './rfq-quote.ts';
import type { TakenDepth } from './taken-depth.ts';

/** The trade to price, and for whom. */
export interface QuoteAsk extends Omit<PriceAsk, 'inventory' | 'taken'> {
  /** What the client has taken since a price of this age was made, and just now; nothing if omitted. */
  readonly takenSince?: ((ageMs: number) => TakenDepth) | undefined;
  /** The users who want the price, so that none crowds out others; omitted if they were named in `prepare`. */
  readonly wantedBy?: Iterable<UserId> | undefined;
}

/** One side of a trade, and what the client has taken there before, in base units as a count of 10^-18. */
export interface TakenAsk extends Pick<PriceAsk, 'tier'> {
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly taken: bigint;
}

/** Makes prices: the desk's own pricer, or an outside one. */
export interface QuotePricer {
  /** Resolves once there can be a price for this size; immediately if the pricer has everything in memory. */
  prepare(ask: QuoteAsk, instrument: Instrument): Promise<void>;
  /** The price of a size now, from memory; null if the desk does not quote it. */
  price(ask: QuoteAsk, instrument: Instrument, nowMs: number): PricedQuote | null;
  /**
   * The price of a quantity beyond what its client has taken, whatever the house has and has room for. Two of one moment
   * show what the difference costs; null if the pricer cannot say.
   */
  priceBeyond(ask: TakenAsk, instrument: Instrument, nowMs: number): Price | null;
  /** The middle of a tradable market; null if there is none, or it is stale. */
  midPrice(instrument: Instrument, nowMs: number): Price | null;
  /** Base units that the house can still trade on its own side; null without a limit. */
  room(houseSide: 'BUY' | 'SELL', instrument: Instrument, mid: Price): bigint | null;
}

/** Quotes nothing at all. */
export const NO_PRICER: QuotePricer = {
  prepare: () => Promise.resolve(),
  price: () => null,
  priceBeyond: () => null,
  midPrice: () => null,
  room: () => null,
};
