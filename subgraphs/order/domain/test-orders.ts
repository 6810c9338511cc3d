// Data for tests, in words: an instrument like BTC-USDT, a market around it, orders to place.
import type { Clock } from '#shared/domain/clock.ts';
import {
  type AccountId,
  type AssetCode,
  type ClientOrderId,
  type InstrumentSymbol,
  type OrderId,
} from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type Money, parseMoney } from '#shared/domain/money.ts';
import { parseUnits } from '#shared/domain/decimal.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { parseQuantity, type Quantity } from '#shared/domain/quantity.ts';
import { holdFor } from './hold-amount.ts';
import { acceptOrder, type NewOrder, submitOrder } from './order-progress.ts';
import type { OrderCheck, OrderRequest } from './rules/order-rule.ts';
import { isOpen, type OpenOrder, type OrderSide } from './order.ts';
import type { ReferenceQuote } from './rules/price-collar.ts';

function known<T>(value: T | null, text: string): T {
  invariant(value !== null, `not a decimal: ${text}`);
  return value;
}

/** A share or another bare decimal, as a count of 10^-18. */
export const units = (text: string): bigint => known(parseUnits(text), text);
/** Zero is taken too. */
export const price = (text: string): Price => priceOfUnits(units(text));
export const quantity = (text: string): Quantity => known(parseQuantity(text), text);
export const money = (text: string): Money => known(parseMoney(text), text);

const BTC_USDT: Instrument = {
  symbol: 'BTC-USDT' as InstrumentSymbol,
  base: 'BTC' as AssetCode,
  quote: 'USDT' as AssetCode,
  status: 'TRADING',
  priceScale: 2,
  quantityScale: 5,
  quoteScale: 8,
  tickSize: price('0.01'),
  quantityStep: quantity('0.00001'),
  minQuantity: quantity('0.0001'),
  maxQuantity: quantity('100'),
  minNotional: money('10'),
  maxNotional: money('2000000'),
  makerFeeRate: units('0.0008'),
  takerFeeRate: units('0.001'),
  collarRate: units('0.1'),
  maxQuoteAgeMs: 2_000,
};

/** BTC-USDT, but for what is said. */
export function anInstrument(but: Partial<Instrument> = {}): Instrument {
  return { ...BTC_USDT, ...but };
}

/** The moment of all test data. */
export const NOW_MS = 1_700_000_000_000;
/** A clock that stands at it. */
export const STILL: Clock = { now: () => NOW_MS };

/** 63999.00 to 64001.00, half a second old, but for what is said. */
export function aQuote(but: Partial<ReferenceQuote> = {}): ReferenceQuote {
  return {
    bidPrice: price('63999'),
    askPrice: price('64001'),
    receivedAtMs: NOW_MS - 500,
    suspended: false,
    ...but,
  };
}

/** What is known of an account that may do everything, but for what is said. */
export function anAccountCheck(but: Partial<OrderCheck['account']> = {}): OrderCheck['account'] {
  return {
    isBlocked: false,
    isGuardConnected: true,
    openOrderCount: 0,
    maxOpenOrders: 200,
    tradingState: 'ACTIVE',
    reducibleQuantity: quantity('0'),
    ...but,
  };
}

/** A check in which a good order passes, but for what is said. */
export function aCheck(but: Partial<OrderCheck> = {}): OrderCheck {
  return {
    instrument: anInstrument(),
    account: anAccountCheck(),
    quote: aQuote(),
    nowMs: NOW_MS,
    freeBalance: null,
    ...but,
  };
}

/** BUY 0.5 BTC at 64000, but for what is said. */
export function aRequest(but: Partial<OrderRequest> & { limitPrice?: string } = {}): OrderRequest {
  const { limitPrice = '64000', ...rest } = but;
  return {
    clientOrderId: 'c-1',
    symbol: BTC_USDT.symbol,
    side: 'BUY',
    terms: { orderType: 'LIMIT', limitPrice: price(limitPrice), timeInForce: 'GTC' },
    quantity: quantity('0.5'),
    ...rest,
  };
}

/** What an order is made of. */
export function aNewOrder(side: OrderSide, limitPrice: string, ordered: string): NewOrder {
  return {
    id: 'o-1' as OrderId,
    accountId: 'a-1' as AccountId,
    clientOrderId: 'c-1' as ClientOrderId,
    symbol: BTC_USDT.symbol,
    side,
    terms: { orderType: 'LIMIT', limitPrice: price(limitPrice), timeInForce: 'GTC' },
    quantity: quantity(ordered),
  };
}

/** An order of BTC-USDT that the book has, its hold placed. */
export function anOpenOrder(side: OrderSide, limitPrice: string, ordered: string): OpenOrder {
  const hold = holdFor(side, price(limitPrice), quantity(ordered), BTC_USDT);
  const submitted = submitOrder(aNewOrder(side, limitPrice, ordered), hold, NOW_MS);
  const order = acceptOrder(submitted, 1, NOW_MS + 1);
  invariant(isOpen(order), 'an accepted order is open');
  return order;
}
