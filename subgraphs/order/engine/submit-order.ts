import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { holdFor } from '../domain/hold-amount.ts';
import { isViolated } from '../domain/order-denial.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { denyNewOrder, type NewOrder, submitOrder } from '../domain/order-progress.ts';
import { expiryOf } from '../domain/order-life.ts';
import { trailedPrice, watchedPrice } from '../domain/order-trigger.ts';
import { isQuoteFresh } from '../domain/price-collar.ts';
import { type OrderCheck, worstPriceOf } from '../domain/order-rule.ts';
import { validateOrder } from '../domain/validate-order.ts';
import { reducibleQuantity } from './reducible-quantity.ts';
import type { Turn } from './turn.ts';

/** Start value of what an account may have open or in flight in one instrument. */
const MAX_OPEN_ORDERS = 200;

/**
 * Checks a new order and records it: SUBMITTED, or DENIED with everything that is wrong with it.
 * What is free and whether the account is blocked is the ledger's to say, when it is asked to hold.
 */
export function submitNewOrder(
  turn: Turn,
  asked: NewOrder,
  market: { readonly instrument: Instrument | null; readonly quote: OrderCheck['quote'] },
): RecordedOrder {
  const order = withStart(turn, asked, market);
  const check: OrderCheck = {
    ...market,
    lastPrice: turn.state.lastPrice(order.symbol),
    account: {
      isBlocked: false,
      openOrderCount: turn.state.orderCount(order.accountId, order.symbol),
      maxOpenOrders: MAX_OPEN_ORDERS,
      tradingState: turn.state.safety.tradingState(order.accountId),
      reducibleQuantity: reducibleQuantity(turn.state, order),
    },
    nowMs: turn.now,
    freeBalance: null,
  };
  const violations = validateOrder(order, check);
  if (isViolated(violations))
    return turn.insert(denyNewOrder(order, violations, turn.now), 'DENIED');
  const { instrument } = market;
  invariant(instrument !== null, 'an order passed the checks without an instrument');
  const worstPrice = worstPriceOf(order, { ...check, instrument });
  invariant(worstPrice !== null, 'an order passed the checks without a worst price');
  const hold = holdFor(order.side, worstPrice, order.quantity, instrument);
  return turn.insert(submitOrder(order, hold, turn.now), 'SUBMITTED');
}

/** The order with what only this moment tells: when its day ends, and where it begins to trail. */
function withStart(
  turn: Turn,
  order: NewOrder,
  {
    instrument,
    quote,
  }: { readonly instrument: Instrument | null; readonly quote: OrderCheck['quote'] },
): NewOrder {
  const { trigger = null, side, symbol } = order;
  const expireAt = expiryOf(order, turn.now);
  if (trigger?.trailing == null || instrument === null) return { ...order, expireAt };
  const isFresh = quote !== null && isQuoteFresh(quote, instrument, turn.now);
  const prices = { quote: isFresh ? quote : null, lastPrice: turn.state.lastPrice(symbol) };
  const watched = watchedPrice(side, trigger, prices);
  if (watched === null) return { ...order, expireAt };
  const triggerPrice = trailedPrice(side, trigger, watched, instrument);
  return { ...order, expireAt, trigger: { ...trigger, triggerPrice } };
}
