import { parseAccountId, parseUserId } from '#shared/domain/ids.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountFrozen } from '../account-frozen.ts';
import { accountNotFound } from '../account-not-found.ts';
import { CODE_MESSAGES } from '../code-refusals.ts';
import { signedInCallerOf } from '../signed-in-caller.ts';

export const removeMember: NonNullable<MutationResolvers['removeMember']> = async (
  _parent,
  { input: { accountId, userId, code = null } },
  context,
) => {
  const caller = signedInCallerOf(context);
  const id = parseAccountId(accountId);
  if (id === null) return accountNotFound(accountId);
  const { members } = context.useCases;
  const removal = { accountId: id, userId: parseUserId(userId) };
  const outcome = await members.remove(caller, removal, code);
  if (typeof outcome === 'object') {
    const { reason } = outcome;
    return { __typename: 'RemoveMemberRefused', reason, message: CODE_MESSAGES[reason] };
  }
  switch (outcome) {
    case 'removed':
      return { __typename: 'MemberRemoved', accountId, userId };
    case 'notThere':
      return { __typename: 'MemberNotFound', userId, message: 'The account has no such member.' };
    case 'lastOwner':
      return {
        __typename: 'LastOwner',
        message: 'The last owner of an account cannot be removed.',
      };
    case 'accountFrozen':
      return accountFrozen(accountId);
    case 'accountNotFound':
      return accountNotFound(accountId);
  }
};
