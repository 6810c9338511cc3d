import type { UserId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { PriceAsk } from './price-quote.ts';
import type { PricedQuote } from './rfq-quote.ts';

/** What is to be priced, and for whom. */
export interface QuoteAsk extends Omit<PriceAsk, 'inventory'> {
  /** The users who want it, so that none crowds out others; omitted for those who were named when it was prepared. */
  readonly wantedBy?: Iterable<UserId> | undefined;
}

/** Makes prices; the desk's own pricer stands behind it, or one of somebody else. */
export interface QuotePricer {
  /** Resolves once there may be a price of this size: at once for anyone who has all it takes in memory. */
  prepare(ask: QuoteAsk, instrument: Instrument): Promise<void>;
  /** The price of a size now; null if the desk does not quote it. It answers at once, out of memory. */
  price(ask: QuoteAsk, instrument: Instrument, nowMs: number): PricedQuote | null;
  /** The middle of a market that may be traded on; null if there is none, or it is stale. */
  midPrice(instrument: Instrument, nowMs: number): Price | null;
  /** Base units that the house may still trade on its own side; null without a bound. */
  room(houseSide: 'BUY' | 'SELL', instrument: Instrument, mid: Price): bigint | null;
}

/** Quotes nothing at all. */
export const NO_PRICER: QuotePricer = {
  prepare: () => Promise.resolve(),
  price: () => null,
  midPrice: () => null,
  room: () => null,
};
