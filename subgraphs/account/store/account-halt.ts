import type { AccountId } from '#shared/domain/ids.ts';
import type { AccountTransaction } from './account-client.ts';

/**
 * Whether an account is closed, or the desk has frozen it; it is never both. The answer cannot change while the
 * account's members are locked.
 */
export async function haltOf(
  { account }: AccountTransaction,
  id: AccountId,
): Promise<'closed' | 'frozen' | null> {
  const select = { closedAt: true, frozenAt: true } as const;
  const { closedAt, frozenAt } = await account.findUniqueOrThrow({ where: { id }, select });
  if (closedAt !== null) return 'closed';
  return frozenAt === null ? null : 'frozen';
}
