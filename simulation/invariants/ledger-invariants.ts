import { leftOf } from '../../subgraphs/account/domain/hold.ts';
import { balanceKey, type LedgerChanges } from '../../subgraphs/account/domain/ledger-draft.ts';
import { sumsBy } from './sums.ts';
import type { Violation } from '../violation.ts';

/** Checks what must hold in the ledger alone. */
export function ledgerViolations(ledger: LedgerChanges): readonly Violation[] {
  const { balances, entries, holds } = ledger;
  const violations: Violation[] = [];
  const totals = sumsBy(
    balances,
    ({ asset }) => asset,
    ({ total }) => total,
  );
  for (const [asset, sum] of totals)
    if (sum !== 0n) violations.push({ promise: 'sums', detail: `${asset} sums to ${sum}` });

  const booked = sumsBy(
    entries,
    ({ accountId, asset }) => balanceKey(accountId, asset),
    ({ change }) => change,
  );
  const held = sumsBy(
    holds,
    ({ accountId, asset }) => (asset === null ? 'void' : balanceKey(accountId, asset)),
    leftOf,
  );
  for (const { accountId, asset, total, locked, free } of balances) {
    const key = balanceKey(accountId, asset);
    const [entered, inHolds] = [booked.get(key) ?? 0n, held.get(key) ?? 0n];
    if (total !== entered)
      violations.push({
        promise: 'balances',
        detail: `${key} is ${total}, its entries ${entered}`,
      });
    if (locked !== inHolds || total !== locked + free)
      violations.push({ promise: 'locked', detail: `${key} locks ${locked}, holds ${inHolds}` });
  }
  return violations;
}
