import type { UserId } from '#shared/domain/ids.ts';
import type { AccountTransaction } from './account-client.ts';
import { liveAt } from './session-row.ts';
import { withdrawInvitationsBy } from './withdraw-invitations.ts';

/** Locks the user's sessions before the user, the order in which everyone who ends sessions locks them. */
export async function lockSessions(transaction: AccountTransaction, userId: UserId): Promise<void> {
  await transaction.$executeRaw`
    SELECT id FROM sessions WHERE user_id = ${userId} AND ended_at IS NULL ORDER BY id FOR UPDATE`;
}

/**
 * Ends the user's valid sessions, including those added before the user was locked, and withdraws the invitations that
 * the user made. @returns how many sessions
 */
export async function endSessions(
  transaction: AccountTransaction,
  { userId, atMs, except }: { userId: UserId; atMs: number; except: string | null },
): Promise<number> {
  await withdrawInvitationsBy(transaction, userId);
  const { count } = await transaction.session.updateMany({
    where: { userId, ...liveAt(atMs), ...(except === null ? {} : { id: { not: except } }) },
    data: { endedAt: new Date(atMs) },
  });
  return count;
}
