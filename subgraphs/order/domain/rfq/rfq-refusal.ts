import { denial, type OrderDenial } from '../rules/order-denial.ts';

/**
 * The reasons for refusing an action on a request for quote. As with denials of orders, the values behind them are
 * included. An accept has one reason for each term that can differ.
 */
export const RFQ_REASONS = [
  'INVALID_CLIENT_RFQ_ID',
  'INVALID_CLIENT_ORDER_ID',
  'INVALID_PRICE',
  'INVALID_SLIPPAGE',
  'INSTRUMENT_NOT_FOUND',
  'INSTRUMENT_NOT_TRADING',
  'QUANTITY_OFF_STEP',
  'QUANTITY_BELOW_MINIMUM',
  'QUANTITY_EXCEEDS_MAXIMUM',
  'NOTIONAL_BELOW_MINIMUM',
  'NOTIONAL_EXCEEDS_MAXIMUM',
  'RATE_LIMIT_EXCEEDED',
  'TOO_MANY_OPEN_RFQS',
  'TOO_MANY_LEVEL_STREAMS',
  'TRADING_HALTED',
  'TRADING_STATE_REDUCING',
  'QUOTE_NOT_FOUND',
  'QUOTE_ALREADY_USED',
  'QUOTE_WITHDRAWN',
  'QUOTE_EXPIRED',
  'LEVEL_NO_LONGER_VALID',
  'INSTRUMENT_MISMATCH',
  'SIDE_MISMATCH',
  'PRICE_MISMATCH',
  'QUANTITY_MISMATCH',
  'CREDIT_LIMIT_EXCEEDED',
  'RISK_LIMIT_EXCEEDED',
  'COMPARISON_TOKEN_INVALID',
  'NOT_QUOTING',
  'LAST_LOOK_PRICE_MOVED',
  'ACCOUNT_BLOCKED',
  'NOTIONAL_EXCEEDS_FREE_BALANCE',
  'TECHNICAL',
] as const;
/** One of {@link RFQ_REASONS}. */
export type RfqReason = (typeof RFQ_REASONS)[number];

/** Why an accept that passed the checks was not filled. */
export type AcceptRejectReason = Extract<
  RfqReason,
  | 'LAST_LOOK_PRICE_MOVED'
  | 'NOT_QUOTING'
  | 'TRADING_HALTED'
  | 'ACCOUNT_BLOCKED'
  | 'NOTIONAL_EXCEEDS_FREE_BALANCE'
  | 'TECHNICAL'
>;

/** A refusal with the values behind it; see `OrderDenial` for their form. */
export interface RfqRefusal extends Omit<OrderDenial, 'reason'> {
  readonly reason: RfqReason;
}

/** Makes a refusal; values that are not given are null. */
export function rfqRefusal(
  reason: RfqReason,
  message: string,
  values: Partial<Omit<RfqRefusal, 'reason' | 'message'>> = {},
): RfqRefusal {
  return { ...denial('INVALID_COMBINATION', message, values), reason };
}
