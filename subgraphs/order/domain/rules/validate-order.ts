import { parseClientOrderId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { unknownInstrumentMessage } from '#shared/domain/unknown-instrument.ts';
import {
  accountIsNotBlocked,
  guardIsConnected,
  holdIsAffordable,
  openOrdersAreFew,
  tradingStateAllows,
} from './account-rules.ts';
import { marketPriceIsAvailable, quoteIsFresh } from './market-rules.ts';
import { denial, type OrderDenial } from './order-denial.ts';
import {
  expiresLater,
  trailingOffsetIsBounded,
  trailingOffsetIsOnTick,
  trailingOffsetIsPositive,
  trailingStopHasStart,
  triggerIsNotMet,
  triggerPriceIsOnTick,
} from './trigger-rules.ts';
import {
  exitStopIsBelowEntry,
  legPricesAreOnTick,
  legPricesAreWithinCollar,
  linkGoesTogether,
  stopLegIsNotMet,
} from '../order-link.ts';
import { displayQuantityIsValid, instructionsGoTogether } from '../order-instructions.ts';
import { quoteQuantityIsValid, quoteQuantityKeepsMaximum } from '../quote-quantity.ts';
import type { OrderCheck, OrderRequest, OrderRule } from './order-rule.ts';
import { arrivesInTime } from './valid-until.ts';
import { priceIsOnTick, priceIsPositive, priceIsWithinCollar } from './price-rules.ts';
import {
  notionalKeepsMaximum,
  notionalReachesMinimum,
  quantityIsOnStep,
  quantityKeepsMaximum,
  quantityReachesMinimum,
} from './quantity-rules.ts';

/** INSTRUMENT_NOT_TRADING */
export function tradingDenial({ symbol, status }: Instrument): OrderDenial | null {
  if (status === 'TRADING') return null;
  const message = `${symbol} does not accept orders now: it is ${status}.`;
  return denial('INSTRUMENT_NOT_TRADING', message, { rule: 'status' });
}

const instrumentIsTrading: OrderRule = (_, { instrument }) => tradingDenial(instrument);

/** In the fixed order of `DENY_REASONS`: instrument, account, market, funds. */
const RULES: readonly OrderRule[] = [
  trailingOffsetIsPositive,
  trailingOffsetIsBounded,
  linkGoesTogether,
  exitStopIsBelowEntry,
  instructionsGoTogether,
  expiresLater,
  arrivesInTime,
  instrumentIsTrading,
  triggerPriceIsOnTick,
  trailingOffsetIsOnTick,
  priceIsPositive,
  priceIsOnTick,
  priceIsWithinCollar,
  legPricesAreOnTick,
  legPricesAreWithinCollar,
  quantityIsOnStep,
  quantityReachesMinimum,
  quantityKeepsMaximum,
  displayQuantityIsValid,
  quoteQuantityKeepsMaximum,
  quoteQuantityIsValid,
  notionalReachesMinimum,
  notionalKeepsMaximum,
  accountIsNotBlocked,
  openOrdersAreFew,
  tradingStateAllows,
  marketPriceIsAvailable,
  trailingStopHasStart,
  quoteIsFresh,
  triggerIsNotMet,
  stopLegIsNotMet,
  guardIsConnected,
  holdIsAffordable,
];

/**
 * The rules that an exit skips when it follows its BUY. It sells what was bought, at prices that
 * were checked with the BUY: neither a moved market nor a small fill may leave a position without
 * it. One whose stop is already met takes over at once, it has the place of the BUY among the
 * account's open orders, and while its instrument is stopped it waits.
 */
const NOT_OF_EXITS: ReadonlySet<OrderRule> = new Set([
  instrumentIsTrading,
  priceIsWithinCollar,
  legPricesAreWithinCollar,
  quantityReachesMinimum,
  quantityKeepsMaximum,
  notionalReachesMinimum,
  notionalKeepsMaximum,
  openOrdersAreFew,
  triggerIsNotMet,
  stopLegIsNotMet,
]);
const EXIT_RULES = RULES.filter((rule) => !NOT_OF_EXITS.has(rule));

/**
 * Everything that a request breaks, in the fixed order; nothing if it can be submitted. Pure: the
 * same request and check give the same answer, for placing as for a preview. For an unknown
 * instrument nothing else can be said.
 */
export function validateOrder(request: OrderRequest, check: OrderCheck): readonly OrderDenial[] {
  const form = clientOrderIdDenial(request.clientOrderId);
  return [...(form === null ? [] : [form]), ...instrumentDenials(request, check, RULES)];
}

/** {@link validateOrder} for an exit at the moment when it follows its BUY. */
export function validateExit(request: OrderRequest, check: OrderCheck): readonly OrderDenial[] {
  return instrumentDenials(request, check, EXIT_RULES);
}

/** Null for a well-formed clientOrderId. */
export function clientOrderIdDenial(clientOrderId: string): OrderDenial | null {
  if (parseClientOrderId(clientOrderId) !== null) return null;
  const message = 'The clientOrderId must be 1 to 64 characters of A-Z a-z 0-9 _ . : and -.';
  return denial('INVALID_CLIENT_ORDER_ID', message, { rule: 'clientOrderId' });
}

function instrumentDenials(
  request: OrderRequest,
  check: OrderCheck,
  rules: readonly OrderRule[],
): OrderDenial[] {
  const { instrument } = check;
  if (instrument === null) {
    return [denial('INSTRUMENT_NOT_FOUND', unknownInstrumentMessage(request.symbol))];
  }
  return rules
    .map((rule) => rule(request, { ...check, instrument }))
    .filter((broken) => broken !== null);
}
