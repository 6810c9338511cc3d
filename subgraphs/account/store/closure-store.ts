import type { AccountId } from '#shared/domain/ids.ts';
import { closureStandingOf } from '../domain/account-closure.ts';
import type { ClosureStore } from '../identity/accounts/account-closures.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import { accountOf } from './account-row.ts';
import { readBalances } from './account-store.ts';
import { appendAudit } from './audit-store.ts';
import { lockUserToGrant } from './lock-user.ts';
import { lockedOwners } from './locked-owners.ts';
import type { UserTransactions } from './user-transactions.ts';

/**
 * Closed accounts in PostgreSQL. Every ledger write locks its accounts' rows and compares whether they are closed, so
 * it is written before the closure reads the balances, or finds the account closed.
 */
export class PostgresClosureStore implements ClosureStore {
  readonly #transactions: UserTransactions;

  constructor(transactions: UserTransactions) {
    this.#transactions = transactions;
  }

  close(id: AccountId, record: AuditRecord) {
    return this.#transactions.run(record.userId, async (transaction) => {
      // An invitation is accepted, or the account frozen, before that or not at all.
      const owners = await lockedOwners(transaction, id);
      if (!owners.includes(record.userId)) return { kind: 'accountNotFound' } as const;
      await lockUserToGrant(transaction, record);
      // The last lock, because the ledger waits for this row, too.
      await transaction.$executeRaw`SELECT id FROM accounts WHERE id = ${id} FOR NO KEY UPDATE`;
      const account = accountOf(await transaction.account.findUniqueOrThrow({ where: { id } }));
      const balances = await readBalances(transaction, [id]);
      const standing = closureStandingOf(account, balances);
      if (standing.kind === 'closed') return { ...standing, replayed: true };
      if (standing.kind !== 'closable') return standing;
      // Never before the last ledger entry, even if the clock was set back.
      const changedAtMs = balances.map(({ balance }) => balance.changedAtMs);
      const closedAtMs = Math.max(record.atMs, ...changedAtMs);
      await transaction.account.update({
        where: { id },
        data: { tradingState: 'HALTED', closedAt: new Date(closedAtMs) },
      });
      await transaction.invitation.deleteMany({ where: { accountId: id } });
      await appendAudit(transaction, record);
      return { kind: 'closed', replayed: false, closedAtMs } as const;
    });
  }
}
