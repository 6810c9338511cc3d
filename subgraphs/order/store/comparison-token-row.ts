import { formatUnits } from '#shared/domain/decimal.ts';
import type {
  AccountId,
  ComparisonTokenId,
  InstrumentSymbol,
  OrderId,
  RfqId,
} from '#shared/domain/ids.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { OrderSide } from '../domain/order.ts';
import type { ComparisonToken } from '../domain/rfq/comparison-token.ts';
import { timeOf, timeText, type TimeValue } from './order-row.ts';
import { unitsOf } from './stored-decimal.ts';

/** A token as a row of `comparison_tokens`; decimals are text. */
export interface ComparisonTokenRow {
  readonly id: ComparisonTokenId;
  readonly rfq_id: RfqId;
  readonly account_id: AccountId;
  readonly symbol: InstrumentSymbol;
  readonly side: OrderSide;
  readonly quantity: string;
  readonly expires_at: TimeValue;
  readonly used_by: OrderId | null;
}

/** Selects a {@link ComparisonTokenRow} from `comparison_tokens c`. */
export const COMPARISON_TOKEN_COLUMNS = Prisma.sql`
  c.id, c.rfq_id, c.account_id, c.symbol, c.side::text AS side, c.quantity::text AS quantity,
  c.expires_at, c.used_by`;

/** Writes a token as a row. */
export function comparisonTokenRowOf(token: ComparisonToken): ComparisonTokenRow {
  return {
    id: token.id,
    rfq_id: token.rfqId,
    account_id: token.accountId,
    symbol: token.symbol,
    side: token.side,
    quantity: formatUnits(token.quantity),
    expires_at: timeText(token.expiresAt),
    used_by: token.usedBy,
  };
}

/** Reads a token from a row. */
export function comparisonTokenOfRow(row: ComparisonTokenRow): ComparisonToken {
  return {
    id: row.id,
    rfqId: row.rfq_id,
    accountId: row.account_id,
    symbol: row.symbol,
    side: row.side,
    quantity: quantityOfUnits(unitsOf(row.quantity)),
    expiresAt: timeOf(row.expires_at),
    usedBy: row.used_by,
  };
}
