import type { InvitationRefusalReason, MutationResolvers } from '../../__generated__/graphql.ts';
import { signedInCallerOf } from '../signed-in-caller.ts';

const MESSAGES: Readonly<Record<InvitationRefusalReason, string>> = {
  INVITATION_INVALID: 'There is no such invitation, or it has expired or was already used.',
  ACCOUNT_FROZEN:
    'The desk has frozen this account; the invitation remains valid until it expires.',
  ALREADY_MEMBER: 'You are already a member of this account; the invitation remains valid.',
  TOO_MANY_MEMBERS:
    'The account has 100 members; once one is removed, its owners can invite you again.',
  TOO_MANY_ACCOUNTS:
    'You are a member of 100 accounts; leave one first. The invitation remains valid.',
};

export const acceptInvitation: NonNullable<MutationResolvers['acceptInvitation']> = async (
  _parent,
  { input },
  context,
) => {
  const outcome = await context.useCases.members.accept(signedInCallerOf(context), input.code);
  if (outcome.kind === 'refused') {
    const { reason } = outcome;
    return { __typename: 'InvitationRefused', reason, message: MESSAGES[reason] };
  }
  const { accountId, role, replayed } = outcome;
  return { __typename: 'InvitationAccepted', accountId, role, replayed };
};
