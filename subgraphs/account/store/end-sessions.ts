import type { UserId } from '#shared/domain/ids.ts';
import type { AccountTransaction } from './account-client.ts';
import { liveAt } from './session-row.ts';

/** Locks the user's sessions before the user, the order in which everyone who ends sessions locks them. */
export async function lockSessions(transaction: AccountTransaction, userId: UserId): Promise<void> {
  await transaction.$executeRaw`
    SELECT id FROM sessions WHERE user_id = ${userId} AND ended_at IS NULL ORDER BY id FOR UPDATE`;
}

/** Ends the user's valid sessions, including those added before the user was locked. @returns how many */
export async function endSessions(
  { session }: AccountTransaction,
  { userId, atMs, except }: { userId: UserId; atMs: number; except: string | null },
): Promise<number> {
  const { count } = await session.updateMany({
    where: { userId, ...liveAt(atMs), ...(except === null ? {} : { id: { not: except } }) },
    data: { endedAt: new Date(atMs) },
  });
  return count;
}
