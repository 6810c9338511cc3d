import { assertNever } from '#shared/domain/invariant.ts';
import type { MutationResolvers, RenameAccountRefusalReason } from '../../__generated__/graphql.ts';
import { accountNotFound } from '../account-not-found.ts';
import { callerOf } from '../caller-of.ts';

const MESSAGES: Readonly<Record<RenameAccountRefusalReason, string>> = {
  NAME_INVALID: 'A name must have 1 to 64 characters, without control characters.',
  NOT_A_CLIENT_ACCOUNT: "The desk's own accounts cannot be renamed.",
  ACCOUNT_CLOSED: 'This account is closed; it keeps its name.',
  ACCOUNT_FROZEN: 'The desk has frozen this account; it keeps its name until it is unfrozen.',
};

export const renameAccount: NonNullable<MutationResolvers['renameAccount']> = async (
  _parent,
  { input },
  context,
) => {
  const { accountId } = input;
  const outcome = await context.useCases.ownAccounts.rename(callerOf(context), input);
  switch (outcome.kind) {
    case 'renamed':
      return { __typename: 'AccountRenamed', accountId, name: outcome.account.name };
    case 'refused': {
      const { reason } = outcome;
      return { __typename: 'RenameAccountRefused', accountId, reason, message: MESSAGES[reason] };
    }
    case 'accountNotFound':
      return accountNotFound(accountId);
    default:
      return assertNever(outcome, 'renameAccount');
  }
};
