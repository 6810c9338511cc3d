import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { OrderDenial } from './order-denial.ts';
import type { AmendableValues } from '../order-amend.ts';
import type { OrderInstructions } from '../order-instructions.ts';
import type { OrderLink } from '../order-link.ts';
import type { OrderTrigger } from '../order-trigger.ts';
import type { OpenOrder, OrderSide, OrderTerms } from '../order.ts';
import type { TradingState } from '../trading-control.ts';
import {
  isQuoteFresh,
  priceCollar,
  type ReferenceQuote,
  referencePrice,
  worstPriceWithin,
} from './price-collar.ts';

/** An order as requested: well formed, and nothing else is known about it. */
export interface OrderRequest {
  /** As received; a rule checks whether it can be one. */
  readonly clientOrderId: string;
  readonly symbol: InstrumentSymbol;
  readonly side: OrderSide;
  readonly terms: OrderTerms;
  readonly quantity: Quantity;
  readonly trigger?: OrderTrigger | null;
  /** Milliseconds since the epoch. */
  readonly expireAt?: number | null;
  readonly link?: OrderLink;
  readonly instructions?: OrderInstructions;
}

/** What a request is checked against, all of one moment. */
export interface OrderCheck {
  /** Null if there is none of this symbol. */
  readonly instrument: Instrument | null;
  readonly account: {
    readonly isBlocked: boolean;
    /** Whether the connection that should guard the order is connected; true if there is none. */
    readonly isGuardConnected: boolean;
    /** Orders of the account in this instrument that are open or in flight. */
    readonly openOrderCount: number;
    readonly maxOpenOrders: number;
    readonly tradingState: TradingState;
    /** How much of its short position the account could still buy back. */
    readonly reducibleQuantity: Quantity;
  };
  /** The current values of an order that is to be changed; null or omitted for a new one. */
  readonly standing?: AmendableValues | null;
  /** The newest quote, however old; null before the first. */
  readonly quote: ReferenceQuote | null;
  /** The last trade of the instrument on our book; null before the first. */
  readonly lastPrice?: Price | null;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** The free balance of the hold's asset; null to leave that to the ledger. */
  readonly freeBalance: Money | null;
}

/** A check whose instrument is known. */
export type InstrumentCheck = OrderCheck & { readonly instrument: Instrument };

/** One rule: what the request breaks of it, or null. It reads nothing but its arguments. */
export type OrderRule = (request: OrderRequest, check: InstrumentCheck) => OrderDenial | null;

/** The parts of a check about the market. */
export type MarketCheck = Pick<InstrumentCheck, 'quote' | 'instrument' | 'nowMs'>;

/** A rule about the size of an order, which knows nothing of its account. */
export type SizeRule = (
  request: OrderRequest,
  check: MarketCheck & Pick<InstrumentCheck, 'standing'>,
) => OrderDenial | null;

/** The quote, if it is fresh. */
export function freshQuote({ quote, instrument, nowMs }: MarketCheck): ReferenceQuote | null {
  return quote !== null && isQuoteFresh(quote, instrument, nowMs) ? quote : null;
}

/**
 * The worst price the order can trade at, for its hold and for matching: its limit, or the edge of
 * the collar for a MARKET order.
 * @returns null if a MARKET order finds no fresh quote
 */
export function worstPriceOf(
  { side, terms, trigger = null }: Pick<OrderRequest, 'side' | 'terms' | 'trigger'>,
  check: MarketCheck,
): Price | null {
  if (terms.orderType === 'LIMIT') return terms.limitPrice;
  if (trigger !== null) return worstPriceBehind(side, trigger.triggerPrice, check.instrument);
  const quote = freshQuote(check);
  const reference = quote === null ? null : referencePrice(quote);
  const collar = reference === null ? null : priceCollar(reference, check.instrument);
  return collar === null ? null : worstPriceWithin(collar, side);
}

/**
 * The price limit of a MARKET order once its trigger is met: the collar around the trigger price.
 */
export function worstPriceBehind(
  side: OrderSide,
  triggerPrice: Price,
  instrument: Pick<Instrument, 'collarRate' | 'tickSize'>,
): Price | null {
  const collar = priceCollar(triggerPrice, instrument);
  return collar === null ? null : worstPriceWithin(collar, side);
}

/**
 * The price limit of a waiting order once its trigger is met at this price. A BUY never goes beyond
 * what its hold was calculated with: the collar may have been widened while the order waited. A SELL
 * follows a market that has fallen further in one step, because it would end unsold.
 */
export function worstPriceOnceMet(
  { side, terms, hold }: Pick<OpenOrder, 'side' | 'terms' | 'hold'>,
  triggerPrice: Price,
  quote: ReferenceQuote,
  instrument: Pick<Instrument, 'collarRate' | 'tickSize'>,
): Price {
  if (terms.orderType === 'LIMIT') return hold.worstPrice;
  const market = referencePrice(quote);
  const from = side === 'BUY' || market === null || market > triggerPrice ? triggerPrice : market;
  const worstPrice = worstPriceBehind(side, from, instrument) ?? hold.worstPrice;
  return side === 'BUY' && worstPrice > hold.worstPrice ? hold.worstPrice : worstPrice;
}

/** The price that values an order: its limit, or what a MARKET order meets first. */
export function valuationPrice(
  { side, terms, trigger = null }: Pick<OrderRequest, 'side' | 'terms' | 'trigger'>,
  check: MarketCheck,
): Price | null {
  if (terms.orderType === 'LIMIT') return terms.limitPrice;
  if (trigger !== null) return trigger.triggerPrice;
  const quote = freshQuote(check);
  if (quote === null) return null;
  return side === 'BUY' ? quote.askPrice : quote.bidPrice;
}
