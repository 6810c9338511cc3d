import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { withTier } from '../domain/fee-tier.ts';
import {
  isViolated,
  type OrderDenial,
  type OrderViolations,
} from '../domain/rules/order-denial.ts';
import { expiryOf } from '../domain/order-life.ts';
import type { NewOrder } from '../domain/order-progress.ts';
import { type OrderCheck, worstPriceOf } from '../domain/rules/order-rule.ts';
import { holdOfRequest, quantityWorth } from '../domain/quote-quantity.ts';
import { largestOffset, trailedPrice, watchedPrice } from '../domain/order-trigger.ts';
import { amendableValues } from '../domain/order-amend.ts';
import { isExit } from '../domain/order-link.ts';
import type { OrderHold } from '../domain/order.ts';
import { tradableQuote } from '../domain/rules/price-collar.ts';
import { tokenDenial, tokenFault } from '../domain/rfq/comparison-token.ts';
import { validateExit, validateOrder } from '../domain/rules/validate-order.ts';
import type { JournalState } from './journal-state.ts';
import { reducibleQuantity } from './reducible-quantity.ts';
import type { Turn } from './turn.ts';

/** The start value of the orders that an account can have open or in flight in one instrument. */
export const MAX_OPEN_ORDERS = 200;

/** The market that an order meets on arrival. */
interface OrderMarket {
  readonly instrument: Instrument | null;
  readonly quote: OrderCheck['quote'];
}

/** An order with the parts that only this moment determines, and whether it can be submitted. */
export type CheckedOrder =
  | { readonly kind: 'denied'; readonly order: NewOrder; readonly violations: OrderViolations }
  | { readonly kind: 'passed'; readonly order: NewOrder; readonly hold: OrderHold };

/**
 * Checks a new order against the journal and the market of one moment, for placing as for a
 * preview. The free balance and account blocks are checked by the ledger.
 */
export function checkNewOrder(
  { state, now: nowMs, quotes }: Pick<Turn, 'state' | 'now' | 'quotes'>,
  asked: NewOrder,
  listed: Instrument | null,
): CheckedOrder {
  const instrument = listed === null ? null : withFeeTier(state, nowMs, asked, listed);
  const market = { instrument, quote: quotes.quote(asked.symbol) };
  // A changed order is not an additional one, and need not close again what it has already filled.
  const own = state.order(asked.id);
  const begun = own === undefined ? withStart(state, nowMs, asked, market) : asked;
  const order = withQuantity(nowMs, withExpiry(begun, nowMs), market);
  const check: OrderCheck = {
    ...market,
    lastPrice: state.lastPrice(order.symbol),
    account: {
      isBlocked: false,
      isGuardConnected: isGuardConnected(state, order),
      openOrderCount: state.orderCount(order.accountId, order.symbol) - (own === undefined ? 0 : 1),
      maxOpenOrders: MAX_OPEN_ORDERS,
      tradingState: state.safety.tradingState(order.accountId),
      reducibleQuantity: quantityOfUnits(
        reducibleQuantity(state, order) +
          (own?.filledQuantity ?? 0n) +
          (own?.preventedQuantity ?? 0n),
      ),
    },
    standing: own === undefined ? null : amendableValues(own),
    nowMs,
    freeBalance: null,
  };
  const validate = own === undefined && isExit(order) ? validateExit : validateOrder;
  const violations = [
    ...validate(order, check),
    ...(own === undefined ? tokenDenials(state, nowMs, order) : []),
  ];
  if (isViolated(violations)) return { kind: 'denied', order, violations };
  invariant(instrument !== null, 'an order passed the checks without an instrument');
  const worstPrice = worstPriceOf(order, { ...check, instrument });
  invariant(worstPrice !== null, 'an order passed the checks without a worst price');
  const hold = holdOfRequest(order, worstPrice, instrument);
  return { kind: 'passed', order, hold };
}

/** COMPARISON_TOKEN_INVALID; none if no token is shown. */
function tokenDenials(
  { rfqs }: JournalState,
  nowMs: number,
  { link, instructions, ...order }: NewOrder,
): readonly OrderDenial[] {
  const shown = link?.comparisonToken ?? null;
  if (shown === null) return [];
  const use = { ...order, rfqId: null };
  // An order by quote quantity has no base quantity to compare.
  const isByQuantity = (instructions?.quoteQuantity ?? null) === null;
  const fault = tokenFault(rfqs.comparisons.token(shown), use, nowMs);
  const found = fault ?? (isByQuantity ? null : 'mismatch');
  return found === null ? [] : [tokenDenial(found)];
}

function isGuardConnected(state: JournalState, { instructions }: NewOrder): boolean {
  const connectionId = instructions?.guardConnectionId ?? null;
  return connectionId === null || state.guards.has(connectionId);
}

/** The instrument with the fees that the account pays. */
function withFeeTier(
  state: JournalState,
  nowMs: number,
  { accountId }: NewOrder,
  instrument: Instrument,
): Instrument {
  return withTier(instrument, state.feeTier(accountId, nowMs));
}

/** An order by quote quantity with the base units that it is worth at the worst price. */
function withQuantity(
  nowMs: number,
  order: NewOrder,
  { instrument, quote }: OrderMarket,
): NewOrder {
  const quoteQuantity = order.instructions?.quoteQuantity ?? null;
  if (quoteQuantity === null || instrument === null) return order;
  // It is denied anyway, and no store could hold what it would come to.
  if (quoteQuantity > instrument.maxNotional) return order;
  const worstPrice = worstPriceOf(order, { quote, instrument, nowMs });
  if (worstPrice === null) return order;
  return { ...order, quantity: quantityWorth(order.side, quoteQuantity, worstPrice, instrument) };
}

/** The order with its expiry, which for a DAY order only this moment determines. */
function withExpiry(order: NewOrder, nowMs: number): NewOrder {
  return { ...order, expireAt: expiryOf(order, nowMs) };
}

/** A trailing stop with its first trigger price; a changed one trails on from its current price. */
function withStart(
  state: JournalState,
  nowMs: number,
  order: NewOrder,
  { instrument, quote }: OrderMarket,
): NewOrder {
  const { trigger = null, side, symbol } = order;
  if (trigger?.trailing == null || instrument === null) return order;
  const market = tradableQuote(quote, instrument, nowMs);
  const prices = { quote: market, lastPrice: state.lastPrice(symbol) };
  const watched = watchedPrice(side, trigger, prices);
  if (watched === null) return order;
  const { type, offset } = trigger.trailing;
  const largest = largestOffset(type, instrument);
  // A larger one is denied, but must still fit in the store.
  const trailing = { type, offset: offset > largest ? largest : offset };
  const triggerPrice = trailedPrice(side, { ...trigger, trailing }, watched, instrument);
  return { ...order, trigger: { ...trigger, triggerPrice } };
}
