import { DAY_MS } from '#shared/domain/clock.ts';
import { type AccountId, parseAccountId, trusted, type UserId } from '#shared/domain/ids.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import { MAX_ACCOUNTS } from '../identity/accounts/member-store.ts';
import {
  type AccountOpening,
  MAX_OPENED_A_DAY,
  MAX_OWN_ACCOUNTS,
  type OpenedAccount,
  type OwnAccountStore,
} from '../identity/accounts/own-account-store.ts';
import type { AccountTransaction } from './account-client.ts';
import { accountOf } from './account-row.ts';
import type { CredentialNews } from './credential-news.ts';
import { lockUserToGrant } from './lock-user.ts';
import { lockedOwners } from './locked-owners.ts';
import { appendMemberChange } from './member-changes.ts';
import type { UserTransactions } from './user-transactions.ts';
import { appendAudit } from './audit-store.ts';

/** Accounts that users open for themselves, in PostgreSQL. */
export class PostgresOwnAccountStore implements OwnAccountStore {
  readonly #transactions: UserTransactions;
  readonly #news: CredentialNews;

  constructor(transactions: UserTransactions, news: CredentialNews) {
    this.#transactions = transactions;
    this.#news = news;
  }

  open(opening: AccountOpening, unplaced: Omit<AuditRecord, 'subjectId'>) {
    const { userId, atMs } = unplaced;
    const record = { ...unplaced, subjectId: opening.accountId };
    const work = this.#transactions.run(userId, async (transaction) => {
      // If two requests have the same id, the second waits here and finds the account of the first.
      await lockUserToGrant(transaction, record);
      const earlier = await openedBefore(transaction, userId, opening);
      if (earlier !== null && earlier.name !== opening.name)
        return { kind: 'conflict', accountId: earlier.accountId } as const;
      if (earlier !== null) return { kind: 'opened', replayed: true, account: earlier } as const;
      const reason = await fullReason(transaction, userId, atMs);
      if (reason !== null) return { kind: 'full', reason } as const;
      await addAccount(transaction, userId, opening, atMs);
      await appendAudit(transaction, record);
      const { accountId, name } = opening;
      const account: OpenedAccount = { accountId, name, openedAtMs: atMs, closedAtMs: null };
      return { kind: 'opened', replayed: false, account } as const;
    });
    return this.#news.announceIfChanged(
      userId,
      work,
      (outcome) => outcome.kind === 'opened' && !outcome.replayed,
    );
  }

  rename(id: AccountId, name: string, record: AuditRecord) {
    return this.#transactions.run(record.userId, async (transaction) => {
      // The caller's grants may be older than their removal.
      const owners = await lockedOwners(transaction, id);
      if (!owners.includes(record.userId)) return 'accountNotFound' as const;
      await lockUserToGrant(transaction, record);
      // The last lock, because the ledger waits for this row, too.
      await transaction.$executeRaw`SELECT id FROM accounts WHERE id = ${id} FOR NO KEY UPDATE`;
      const known = await transaction.account.findUniqueOrThrow({ where: { id } });
      if (known.kind !== 'CLIENT') return 'notAClient' as const;
      if (known.closedAt !== null) return 'closed' as const;
      if (known.frozenAt !== null) return 'frozen' as const;
      const row = await transaction.account.update({ where: { id }, data: { name } });
      await appendAudit(transaction, record);
      return accountOf(row);
    });
  }
}

/** The account that the user opened with this id; null if the id is new. */
async function openedBefore(
  { accountOpening }: AccountTransaction,
  userId: UserId,
  { clientAccountId }: AccountOpening,
): Promise<OpenedAccount | null> {
  const where = { userId_clientAccountId: { userId, clientAccountId } };
  const include = { account: { select: { closedAt: true } } } as const;
  const row = await accountOpening.findUnique({ where, include });
  if (row === null) return null;
  const { accountId, name, openedAt, account } = row;
  return {
    accountId: trusted(parseAccountId, accountId),
    name,
    openedAtMs: openedAt.getTime(),
    closedAtMs: account.closedAt?.getTime() ?? null,
  };
}

/** Why the user cannot have another account; null if they can. Their row is locked. */
async function fullReason(
  { accountMember, accountOpening }: AccountTransaction,
  userId: UserId,
  atMs: number,
) {
  const own = { userId, role: 'OWNER', account: { kind: 'CLIENT', closedAt: null } } as const;
  if ((await accountMember.count({ where: own })) >= MAX_OWN_ACCOUNTS)
    return 'TOO_MANY_OWN_ACCOUNTS' as const;
  const accounts = await accountMember.count({ where: { userId } });
  if (accounts >= MAX_ACCOUNTS) return 'TOO_MANY_ACCOUNTS' as const;
  // Those from after now were opened before the clock was set back.
  const openedAt = { gt: new Date(atMs - DAY_MS), lte: new Date(atMs) };
  const opened = await accountOpening.count({ where: { userId, openedAt } });
  return opened < MAX_OPENED_A_DAY ? null : ('TOO_MANY_OPENED' as const);
}

/** Nobody else can see the account yet, so no rows need a lock. */
async function addAccount(
  transaction: AccountTransaction,
  userId: UserId,
  { accountId, clientAccountId, name }: AccountOpening,
  atMs: number,
): Promise<void> {
  const at = new Date(atMs);
  await transaction.account.create({
    data: { id: accountId, name, kind: 'CLIENT', overdraftAllowed: false, createdAt: at },
  });
  await transaction.accountMember.create({ data: { accountId, userId, role: 'OWNER' } });
  await appendMemberChange(transaction, {
    accountId,
    kind: 'JOINED',
    role: 'OWNER',
    userId,
    byUserId: null,
    atMs,
  });
  await transaction.accountOpening.create({
    data: { userId, clientAccountId, accountId, name, openedAt: at },
  });
}
