import type { AssetCode, InstrumentSymbol } from './ids.ts';
import type { Money } from './money.ts';
import type { Price } from './price.ts';
import type { Quantity } from './quantity.ts';

/**
 * Which orders an instrument accepts: TRADING all, CANCEL_ONLY only cancels, HALTED and CLOSED
 * none.
 */
export type InstrumentStatus = 'TRADING' | 'CANCEL_ONLY' | 'HALTED' | 'CLOSED';

/**
 * The published description of an instrument: market-data owns it and orders are checked against
 * it. Valid only if `priceScale + quantityScale ≤` the quote asset's scale, so that price ×
 * quantity is exact.
 */
export interface Instrument {
  readonly symbol: InstrumentSymbol;
  readonly base: AssetCode;
  readonly quote: AssetCode;
  readonly status: InstrumentStatus;
  /** Digits after the point of a price. */
  readonly priceScale: number;
  /** Digits after the point of a quantity. */
  readonly quantityScale: number;
  /** Digits after the point of an amount of the quote asset; fees are rounded up to it. */
  readonly quoteScale: number;
  readonly tickSize: Price;
  readonly quantityStep: Quantity;
  readonly minQuantity: Quantity;
  readonly maxQuantity: Quantity;
  readonly minNotional: Money;
  readonly maxNotional: Money;
  /** The share of the notional that a resting order pays, as a count of 10^-18. */
  readonly makerFeeRate: bigint;
  /** The share of the notional that an incoming order pays, as a count of 10^-18. */
  readonly takerFeeRate: bigint;
  /** How far from the reference price an order can be, as a share in counts of 10^-18. */
  readonly collarRate: bigint;
  /** A quote older than this is stale, in milliseconds. */
  readonly maxQuoteAgeMs: number;
}
