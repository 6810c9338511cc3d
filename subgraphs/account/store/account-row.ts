import { parseAccountId, trusted } from '#shared/domain/ids.ts';
import type { Account as AccountRow } from '../__generated__/prisma/client.ts';
import type { Account } from '../domain/account.ts';

/** A row of `accounts`, with the columns that clients can read. */
export function accountOf(row: AccountRow): Account {
  const { name, kind, tradingState, createdAt, frozenAt, freezeReason, closedAt } = row;
  const isFrozen = frozenAt !== null && freezeReason !== null;
  return {
    id: trusted(parseAccountId, row.id),
    name,
    kind,
    tradingState,
    createdAtMs: createdAt.getTime(),
    closedAtMs: closedAt?.getTime() ?? null,
    freeze: isFrozen ? { reason: freezeReason, sinceMs: frozenAt.getTime() } : null,
  };
}
