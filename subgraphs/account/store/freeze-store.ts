import type { AccountId } from '#shared/domain/ids.ts';
import { DESK_ACCOUNTS } from '../domain/account.ts';
import type { FreezeStore } from '../identity/accounts/account-freezes.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import type { UserTransactions } from './user-transactions.ts';
import { accountOf } from './account-row.ts';
import { lockUserToGrant } from './lock-user.ts';
import { lockedOwners } from './locked-owners.ts';
import { lockMembers } from './member-changes.ts';
import { appendAudit } from './audit-store.ts';

/** Frozen accounts in PostgreSQL. Every ledger write compares the accounts' states, so none misses a freeze. */
export class PostgresFreezeStore implements FreezeStore {
  readonly #transactions: UserTransactions;

  constructor(transactions: UserTransactions) {
    this.#transactions = transactions;
  }

  setFreeze(
    id: AccountId,
    { isFrozen, reason }: { readonly isFrozen: boolean; readonly reason: string },
    record: AuditRecord,
  ) {
    return this.#transactions.run(record.userId, async (transaction) => {
      // Whoever is taken off the desk meanwhile freezes and unfreezes nothing.
      const desk = await lockedOwners(transaction, DESK_ACCOUNTS.HOUSE);
      if (!desk.includes(record.userId)) return 'notTheDesk' as const;
      // A change of the members either ends before the freeze or finds the account frozen.
      await lockMembers(transaction, id);
      await lockUserToGrant(transaction, record);
      // The last lock, because the ledger waits for it, too.
      await transaction.$executeRaw`SELECT id FROM accounts WHERE id = ${id} FOR NO KEY UPDATE`;
      const known = await transaction.account.findUnique({ where: { id } });
      if (known === null) return 'notThere' as const;
      if (known.kind !== 'CLIENT') return 'notAClient' as const;
      if (known.closedAt !== null) return 'closed' as const;
      const row = await transaction.account.update({
        where: { id },
        data: {
          tradingState: isFrozen ? 'HALTED' : 'ACTIVE',
          // An account frozen again for another reason keeps the time of its first freeze.
          frozenAt: isFrozen ? (known.frozenAt ?? new Date(record.atMs)) : null,
          freezeReason: isFrozen ? reason : null,
        },
      });
      await appendAudit(transaction, record);
      return accountOf(row);
    });
  }
}
