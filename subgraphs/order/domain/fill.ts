import type { AccountId, FillId, InstrumentSymbol, OrderId, TradeId } from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { OrderSide } from './order.ts';

/** MAKER: the order was in the book. TAKER: it arrived and took. */
export type LiquiditySide = 'MAKER' | 'TAKER';

/** One order's share of a trade. Its place in the account's stream is set when it is stored. */
export interface Fill {
  readonly id: FillId;
  /** Shared by the two fills of one trade; the house's side of a trade has no fill. */
  readonly tradeId: TradeId;
  readonly orderId: OrderId;
  readonly accountId: AccountId;
  readonly symbol: InstrumentSymbol;
  readonly side: OrderSide;
  readonly price: Price;
  readonly quantity: Quantity;
  /** Price × quantity, in the quote asset. */
  readonly quoteQuantity: Money;
  /** In the quote asset, on both sides; see `fees.ts` for the rounding. */
  readonly fee: Money;
  /** The fee as a share of `quoteQuantity`, as a count of 10^-18. */
  readonly feeRate: bigint;
  readonly liquiditySide: LiquiditySide;
  /** How much better the price is than the order's limit, per base unit; null without a limit. */
  readonly priceImprovement: Price | null;
  /** Milliseconds since the epoch. */
  readonly executedAt: number;
}
