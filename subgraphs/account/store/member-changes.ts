import { type AccountId, parseUserId, trusted } from '#shared/domain/ids.ts';
import type {
  MemberChange,
  MemberChangesKey,
  NamedUser,
} from '../identity/accounts/member-store.ts';
import type { AccountClient, AccountTransaction } from './account-client.ts';

/** A change to be appended, which gets the account's next sequence. */
export type NewMemberChange = Omit<MemberChange, 'sequence' | 'user' | 'by'> & {
  readonly userId: string | null;
  readonly byUserId: string | null;
  /** Of the invitation that was accepted; omitted for everything else. */
  readonly codeHash?: string;
};

/**
 * Locks the list of an account's members until the transaction ends; everyone who changes it takes this lock. It is an
 * advisory lock, because a lock on the account's row would stop the ledger, and with it every account whose money moves
 * at that time.
 */
export async function lockMembers(
  transaction: AccountTransaction,
  accountId: AccountId,
): Promise<void> {
  const name = `members of ${accountId}`;
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}

/** Records a change in its transaction, which must have locked the account's members. */
export async function appendMemberChange(
  transaction: AccountTransaction,
  { atMs, ...change }: NewMemberChange,
): Promise<void> {
  const last = await transaction.memberChange.findFirst({
    where: { accountId: change.accountId },
    orderBy: { sequence: 'desc' },
    select: { sequence: true },
  });
  const sequence = (last?.sequence ?? 0n) + 1n;
  await transaction.memberChange.create({ data: { ...change, sequence, at: new Date(atMs) } });
}

/** An account's changes, newest first. */
export async function readMemberChanges(
  client: AccountClient,
  accountId: AccountId,
  { before, limit }: MemberChangesKey,
): Promise<readonly MemberChange[]> {
  const named = { select: { id: true, name: true } };
  const rows = await client.memberChange.findMany({
    where: { accountId, ...(before === null ? {} : { sequence: { lt: before } }) },
    orderBy: { sequence: 'desc' },
    take: limit,
    include: { user: named, by: named },
  });
  return rows.map(({ sequence, kind, role, user, by, at }) => ({
    accountId,
    sequence,
    kind,
    role,
    atMs: at.getTime(),
    user: namedUserOf(user),
    by: namedUserOf(by),
  }));
}

function namedUserOf(row: { readonly id: string; readonly name: string } | null): NamedUser | null {
  return row === null ? null : { id: trusted(parseUserId, row.id), name: row.name };
}
