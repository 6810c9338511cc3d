/**
 * Why we refuse an order before it reaches the book. The order of the members is the fixed order of
 * the checks (form, instrument, account, market, funds): the first that an order breaks is its one
 * reason.
 */
export const DENY_REASONS = [
  'INVALID_CLIENT_ORDER_ID',
  'INVALID_COMBINATION',
  'EXPIRE_TIME_IN_PAST',
  'TOO_LATE',
  'INSTRUMENT_NOT_FOUND',
  'INSTRUMENT_NOT_TRADING',
  'PRICE_NOT_POSITIVE',
  'PRICE_OFF_TICK',
  'PRICE_OUTSIDE_COLLAR',
  'QUANTITY_OFF_STEP',
  'QUANTITY_BELOW_MINIMUM',
  'QUANTITY_EXCEEDS_MAXIMUM',
  'NOTIONAL_BELOW_MINIMUM',
  'NOTIONAL_EXCEEDS_MAXIMUM',
  'ACCOUNT_BLOCKED',
  'TOO_MANY_OPEN_ORDERS',
  'RATE_LIMIT_EXCEEDED',
  'TRADING_HALTED',
  'TRADING_STATE_REDUCING',
  'MARKET_PRICE_UNAVAILABLE',
  'QUOTE_STALE',
  'TRIGGER_ALREADY_MET',
  'POST_ONLY_WOULD_TAKE',
  'GUARD_NOT_CONNECTED',
  'COMPARISON_TOKEN_INVALID',
  'NOTIONAL_EXCEEDS_FREE_BALANCE',
] as const;

/** One of {@link DENY_REASONS}. */
export type DenyReason = (typeof DENY_REASONS)[number];

/**
 * A refusal with its values. They are plain decimals as shown, padded to the scale of what they
 * measure; a count or a number of milliseconds is a whole number.
 */
export interface OrderDenial {
  readonly reason: DenyReason;
  /** In words, with the values. */
  readonly message: string;
  /** The rule's name, like the instrument's field; null if the reason has none. */
  readonly rule: string | null;
  /** The rule's value. */
  readonly limit: string | null;
  /** The order's value. */
  readonly actual: string | null;
  /**
   * The nearest value that passes this rule: a limit price for the `PRICE_` reasons, a quantity for
   * the `QUANTITY_` and `NOTIONAL_` reasons; null if there is none.
   */
  readonly nearestValid: string | null;
  /** For too many messages: after how many milliseconds one more is taken; null otherwise. */
  readonly retryAfterMs: number | null;
}

/** All rules that an order broke, in the fixed order; the first is its denial. */
export type OrderViolations = readonly [OrderDenial, ...OrderDenial[]];

/** Whether any rule was broken. */
export function isViolated(violations: readonly OrderDenial[]): violations is OrderViolations {
  return violations.length > 0;
}

/** A denial without values except those that are given. */
export function denial(
  reason: DenyReason,
  message: string,
  values: Partial<Omit<OrderDenial, 'reason' | 'message'>> = {},
): OrderDenial {
  const none = { rule: null, limit: null, actual: null, nearestValid: null, retryAfterMs: null };
  return { reason, message, ...none, ...values };
}
