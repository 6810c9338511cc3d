import { toTimestamp } from '#shared/domain/clock.ts';
import { parseAccountId } from '#shared/domain/ids.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountNotFound } from '../account-not-found.ts';
import { signedInCallerOf } from '../signed-in-caller.ts';

export const inviteToAccount: NonNullable<MutationResolvers['inviteToAccount']> = async (
  _parent,
  { input: { accountId, role } },
  context,
) => {
  const caller = signedInCallerOf(context);
  const id = parseAccountId(accountId);
  if (id === null) return accountNotFound(accountId);
  const invited = await context.useCases.members.invite(caller, id, role);
  if (invited === null) return accountNotFound(accountId);
  const expiresAt = toTimestamp(invited.expiresAtMs);
  return { __typename: 'InvitationMade', code: invited.code, role, expiresAt };
};
