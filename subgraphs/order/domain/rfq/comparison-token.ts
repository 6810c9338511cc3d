import type {
  AccountId,
  ComparisonTokenId,
  InstrumentSymbol,
  OrderId,
  RfqId,
} from '#shared/domain/ids.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import { denial, type OrderDenial } from '../rules/order-denial.ts';
import type { OrderSide } from '../order.ts';

/** A single-use token for a compared trade, so that the trade is executed in only one of the two ways. */
export interface ComparisonToken {
  readonly id: ComparisonTokenId;
  /** The request whose quotes were compared. */
  readonly rfqId: RfqId;
  readonly accountId: AccountId;
  readonly symbol: InstrumentSymbol;
  readonly side: OrderSide;
  /** Base units. */
  readonly quantity: Quantity;
  /** The token has expired from this instant on; milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The order that used the token, on the book or for the quote; null before. */
  readonly usedBy: OrderId | null;
}

/** Why a token cannot be used. Another account's token is `unknown`, like an absent one. */
export type TokenFault = 'unknown' | 'mismatch' | 'used' | 'expired';

/** The trade that a token is used for. */
export interface TokenUse extends Pick<
  ComparisonToken,
  'accountId' | 'symbol' | 'side' | 'quantity'
> {
  /** Null for an order on the book. */
  readonly rfqId: RfqId | null;
}

/** Why a token cannot be used for a trade; null if it can. */
export function tokenFault(
  token: ComparisonToken | undefined,
  use: TokenUse,
  nowMs: number,
): TokenFault | null {
  if (token?.accountId !== use.accountId) return 'unknown';
  const isMeant =
    token.symbol === use.symbol &&
    token.side === use.side &&
    token.quantity === use.quantity &&
    (use.rfqId === null || use.rfqId === token.rfqId);
  if (!isMeant) return 'mismatch';
  if (token.usedBy !== null) return 'used';
  return nowMs < token.expiresAt ? null : 'expired';
}

/** COMPARISON_TOKEN_INVALID */
export function tokenDenial(fault: TokenFault): OrderDenial {
  return denial('COMPARISON_TOKEN_INVALID', messageOf(fault), { rule: fault });
}

function messageOf(fault: TokenFault): string {
  switch (fault) {
    case 'unknown':
      return 'The account has no such comparison token, or it expired long ago.';
    case 'mismatch':
      return 'The comparison was for another instrument, side, quantity or request.';
    case 'used':
      return 'The comparison has already been executed.';
    case 'expired':
      return 'The comparison token has expired.';
    default:
      return assertNever(fault, 'tokenDenial');
  }
}
