import type { UserId } from '#shared/domain/ids.ts';
import type { AccountTransaction } from './account-client.ts';

/**
 * Withdraws the open invitations that a user made, on whatever account: whoever ends all their sessions may have been
 * robbed of one, and an invitation would be the thief's way back. An acceptance that is on its way deletes its
 * invitation too, so one of the two finds it gone. @returns how many
 */
export async function withdrawInvitationsBy(
  { invitation }: AccountTransaction,
  userId: UserId,
): Promise<number> {
  const { count } = await invitation.deleteMany({ where: { invitedBy: userId } });
  return count;
}
