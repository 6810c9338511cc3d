import type { Instrument } from '#shared/domain/instrument.ts';
import { formatMoney, type Money } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import { quantityWithin } from '../hold-amount.ts';
import { smallestQuantity } from './nearest-valid.ts';
import { holdOfRequest, isByQuote } from '../quote-quantity.ts';
import type { AmendableValues } from '../order-amend.ts';
import { denial, type OrderDenial } from './order-denial.ts';
import { limitPriceOf } from '../order.ts';
import {
  type InstrumentCheck,
  type OrderRequest,
  type OrderRule,
  worstPriceOf,
} from './order-rule.ts';

/** ACCOUNT_BLOCKED */
export const accountIsNotBlocked: OrderRule = (_, { account }) =>
  account.isBlocked ? accountBlockedDenial() : null;

/**
 * GUARD_NOT_CONNECTED: the connection that should guard the order has been lost, or never existed.
 */
export const guardIsConnected: OrderRule = (_, { account }) =>
  account.isGuardConnected
    ? null
    : denial(
        'GUARD_NOT_CONNECTED',
        'The connection that should guard the order is not connected.',
        {
          rule: 'guardConnectionId',
        },
      );

/** Worded like the rule, for when the ledger refuses. */
export function accountBlockedDenial(): OrderDenial {
  return denial('ACCOUNT_BLOCKED', 'The account cannot trade: it is frozen or closed.');
}

/** TOO_MANY_OPEN_ORDERS: the requested order would be one too many. */
export const openOrdersAreFew: OrderRule = (_, { account }) => {
  const { openOrderCount, maxOpenOrders } = account;
  if (openOrderCount < maxOpenOrders) return null;
  const [limit, actual] = [`${maxOpenOrders}`, `${openOrderCount + 1}`];
  const message = `The account has ${openOrderCount} open orders in the instrument; the limit is ${limit}.`;
  return denial('TOO_MANY_OPEN_ORDERS', message, { rule: 'maxOpenOrders', limit, actual });
};

/** The parts of a check about the account's trading state. */
interface TradingStateCheck extends Pick<InstrumentCheck, 'instrument' | 'standing'> {
  readonly account: Pick<InstrumentCheck['account'], 'tradingState' | 'reducibleQuantity'>;
}

/**
 * TRADING_HALTED, TRADING_STATE_REDUCING: what the account's strictest switch permits. While
 * REDUCING any SELL passes, because its hold prevents selling what is not owned; a BUY passes as
 * far as it buys back what was sold; and so does a change that enlarges nothing.
 */
export function tradingStateAllows(
  request: OrderRequest,
  { account, instrument, standing }: TradingStateCheck,
): OrderDenial | null {
  const { quantity, side } = request;
  const { tradingState, reducibleQuantity } = account;
  if (tradingState === 'ACTIVE') return null;
  if (tradingState === 'HALTED')
    return denial('TRADING_HALTED', 'Trading is halted; only cancels are accepted.', {
      rule: 'tradingState',
    });
  if (side === 'SELL' || (standing != null && enlargesNothing(request, standing))) return null;
  // The cost of a purchase by quote quantity is not bounded before it meets the book.
  if (!isByQuote(request) && quantity <= reducibleQuantity) return null;
  const scale = instrument.quantityScale;
  const limit = formatQuantity(reducibleQuantity, scale);
  const actual = formatQuantity(quantity, scale);
  const message = `Only sales, and purchases that close a short position, are accepted now: at most ${limit}, not ${actual}.`;
  const nearestValid = reducibleQuantity < smallestQuantity(instrument) ? null : limit;
  return denial('TRADING_STATE_REDUCING', message, {
    rule: 'tradingState',
    limit,
    actual,
    nearestValid,
  });
}

/** Whether a change keeps an order at its prices, with no more than its quantity. */
function enlargesNothing(
  { quantity, terms, trigger = null }: OrderRequest,
  standing: AmendableValues,
): boolean {
  const isSameTrigger =
    trigger === null || trigger.trailing !== null || trigger.triggerPrice === standing.triggerPrice;
  const isSameLimit = limitPriceOf(terms) === standing.limitPrice;
  return isSameTrigger && isSameLimit && quantity <= standing.quantity;
}

/** NOTIONAL_EXCEEDS_FREE_BALANCE, if the free balance is known beforehand. */
export const holdIsAffordable: OrderRule = (request, check) => {
  const { freeBalance, instrument } = check;
  const worstPrice = worstPriceOf(request, check);
  if (freeBalance === null || worstPrice === null || worstPrice === 0n) return null;
  const { placed } = holdOfRequest(request, worstPrice, instrument);
  if (placed <= freeBalance) return null;
  return insufficientFundsDenial(request, worstPrice, instrument, freeBalance);
};

/**
 * Worded like the rule, for when the ledger refuses the hold.
 * @param free of the hold's asset; null if unknown
 */
export function insufficientFundsDenial(
  request: Pick<OrderRequest, 'side' | 'quantity' | 'instructions'>,
  worstPrice: Price,
  instrument: Instrument,
  free: Money | null,
): OrderDenial {
  const { side } = request;
  const hold = holdOfRequest(request, worstPrice, instrument);
  const scale = side === 'BUY' ? instrument.quoteScale : instrument.quantityScale;
  const actual = formatMoney(hold.placed, scale);
  const limit = free === null ? null : formatMoney(free, scale);
  const compared = limit === null ? 'less is free' : `${limit} is free`;
  const message = `The order needs ${actual} ${hold.asset}; ${compared}.`;
  const nearestValid = free === null ? null : affordable(request, worstPrice, instrument, free);
  return denial('NOTIONAL_EXCEEDS_FREE_BALANCE', message, {
    rule: 'freeBalance',
    limit,
    actual,
    nearestValid,
  });
}

function affordable(
  request: Pick<OrderRequest, 'side' | 'instructions'>,
  worstPrice: Price,
  instrument: Instrument,
  free: Money,
): string | null {
  const { side } = request;
  if (isByQuote(request)) return side === 'BUY' ? formatMoney(free, instrument.quoteScale) : null;
  const quantity = quantityWithin(side, worstPrice, free, instrument.quantityStep, instrument);
  if (quantity < smallestQuantity(instrument)) return null;
  return formatQuantity(quantity, instrument.quantityScale);
}
