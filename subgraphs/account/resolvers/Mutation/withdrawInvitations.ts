import { parseAccountId } from '#shared/domain/ids.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountFrozen } from '../account-frozen.ts';
import { accountNotFound } from '../account-not-found.ts';
import { signedInCallerOf } from '../signed-in-caller.ts';

export const withdrawInvitations: NonNullable<MutationResolvers['withdrawInvitations']> = async (
  _parent,
  { input: { accountId } },
  context,
) => {
  const caller = signedInCallerOf(context);
  const id = parseAccountId(accountId);
  if (id === null) return accountNotFound(accountId);
  const withdrawn = await context.useCases.members.withdrawInvitations(caller, id);
  if (withdrawn === 'accountFrozen') return accountFrozen(accountId);
  if (withdrawn === 'accountNotFound') return accountNotFound(accountId);
  return { __typename: 'InvitationsWithdrawn', accountId, withdrawn };
};
