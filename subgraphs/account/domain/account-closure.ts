import type { BalanceWithScale } from './account-reads.ts';
import type { Account } from './account.ts';

/** How an account stands when it is to be closed; the first that applies, in this order. */
export type ClosureStanding =
  | { readonly kind: 'closed'; readonly closedAtMs: number }
  | { readonly kind: 'notAClient' | 'frozen' }
  /** What is held is in the locked part: of open orders, accepted quotes, and trades that are not settled yet. */
  | { readonly kind: 'notEmpty'; readonly balances: readonly BalanceWithScale[] }
  | { readonly kind: 'closable' };

/**
 * Whether an account can be closed: it must have nothing, also nothing that is held. Whatever can still trade or be
 * settled has a hold, so nothing can reach an account that had none when it was closed.
 * @param balances all of the account's, of the same moment
 */
export function closureStandingOf(
  { kind, freeze, closedAtMs }: Account,
  balances: readonly BalanceWithScale[],
): ClosureStanding {
  if (closedAtMs !== null) return { kind: 'closed', closedAtMs };
  if (kind !== 'CLIENT') return { kind: 'notAClient' };
  if (freeze !== null) return { kind: 'frozen' };
  const left = balances.filter(({ balance }) => balance.total !== 0n || balance.locked !== 0n);
  return left.length > 0 ? { kind: 'notEmpty', balances: left } : { kind: 'closable' };
}
