import { toTimestamp } from '#shared/domain/clock.ts';
import { parseAccountId } from '#shared/domain/ids.ts';
import type { InviteRefusalReason, MutationResolvers } from '../../__generated__/graphql.ts';
import { accountFrozen } from '../account-frozen.ts';
import { accountNotFound } from '../account-not-found.ts';
import { CODE_MESSAGES } from '../code-refusals.ts';
import { signedInCallerOf } from '../signed-in-caller.ts';

const MESSAGES: Readonly<Record<InviteRefusalReason, string>> = {
  ACCOUNT_CLOSED: 'This account is closed; nobody can join it.',
  ...CODE_MESSAGES,
};

export const inviteToAccount: NonNullable<MutationResolvers['inviteToAccount']> = async (
  _parent,
  { input: { accountId, role, code = null } },
  context,
) => {
  const caller = signedInCallerOf(context);
  const id = parseAccountId(accountId);
  if (id === null) return accountNotFound(accountId);
  const outcome = await context.useCases.members.invite(caller, { accountId: id, role }, code);
  switch (outcome.kind) {
    case 'invited': {
      const expiresAt = toTimestamp(outcome.expiresAtMs);
      return { __typename: 'InvitationMade', code: outcome.code, role, expiresAt };
    }
    case 'refused': {
      const { reason } = outcome;
      return { __typename: 'InviteRefused', reason, message: MESSAGES[reason] };
    }
    case 'accountFrozen':
      return accountFrozen(accountId);
    case 'accountNotFound':
      return accountNotFound(accountId);
  }
};
