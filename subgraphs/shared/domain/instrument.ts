import type { AssetCode, InstrumentSymbol } from './ids.ts';
import type { Money } from './money.ts';
import type { Price } from './price.ts';
import type { Quantity } from './quantity.ts';

/** Whether an instrument takes orders: TRADING all, CANCEL_ONLY cancels alone, HALTED and CLOSED none. */
export type InstrumentStatus = 'TRADING' | 'CANCEL_ONLY' | 'HALTED' | 'CLOSED';

/**
 * The published description of a tradable pair: what market-data owns and what orders are checked
 * against. Valid only when `priceScale + quantityScale ≤` the quote asset's scale, so that
 * price × quantity is exact.
 */
export interface Instrument {
  readonly symbol: InstrumentSymbol;
  readonly base: AssetCode;
  readonly quote: AssetCode;
  readonly status: InstrumentStatus;
  /** Digits behind the point of a price of this instrument. */
  readonly priceScale: number;
  /** Digits behind the point of a quantity of this instrument. */
  readonly quantityScale: number;
  /** Digits behind the point of an amount of the quote asset; fees are rounded up to it. */
  readonly quoteScale: number;
  readonly tickSize: Price;
  readonly quantityStep: Quantity;
  readonly minQuantity: Quantity;
  readonly maxQuantity: Quantity;
  readonly minNotional: Money;
  readonly maxNotional: Money;
  /** Share of the notional a resting order pays, as a count of 10^-18. */
  readonly makerFeeRate: bigint;
  /** Share of the notional an incoming order pays, as a count of 10^-18. */
  readonly takerFeeRate: bigint;
  /** How far from the reference price an order may be, as a share in counts of 10^-18. */
  readonly collarRate: bigint;
  /** A quote older than this is stale, in milliseconds. */
  readonly maxQuoteAgeMs: number;
}
