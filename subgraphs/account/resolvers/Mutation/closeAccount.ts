import { toTimestamp } from '#shared/domain/clock.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import type { CloseAccountRefusalReason, MutationResolvers } from '../../__generated__/graphql.ts';
import { balanceText } from '../../domain/balance-event.ts';
import { accountNotFound } from '../account-not-found.ts';
import { callerOf } from '../caller-of.ts';
import { CODE_MESSAGES } from '../code-refusals.ts';

const MESSAGES: Readonly<Record<CloseAccountRefusalReason, string>> = {
  NOT_A_CLIENT_ACCOUNT: "The desk's own accounts cannot be closed.",
  ACCOUNT_FROZEN: 'The desk has frozen this account; it cannot be closed until it is unfrozen.',
  ...CODE_MESSAGES,
};

export const closeAccount: NonNullable<MutationResolvers['closeAccount']> = async (
  _parent,
  { input: { accountId, code = null } },
  context,
) => {
  const outcome = await context.useCases.closures.close(callerOf(context), { accountId, code });
  switch (outcome.kind) {
    case 'closed': {
      const { replayed, closedAtMs } = outcome;
      return {
        __typename: 'AccountClosed',
        accountId,
        closedAt: toTimestamp(closedAtMs),
        replayed,
      };
    }
    case 'notEmpty': {
      const balances = outcome.balances.map(({ balance, scale }) => balanceText(balance, scale));
      const message =
        'This account is not empty: cancel what is open, then withdraw or transfer what is left.';
      return { __typename: 'AccountNotEmpty', accountId, message, balances };
    }
    case 'notAClient':
      return refused(accountId, 'NOT_A_CLIENT_ACCOUNT');
    case 'frozen':
      return refused(accountId, 'ACCOUNT_FROZEN');
    case 'refused':
      return refused(accountId, outcome.reason);
    case 'accountNotFound':
      return accountNotFound(accountId);
    default:
      return assertNever(outcome, 'closeAccount');
  }
};

function refused(accountId: string, reason: CloseAccountRefusalReason) {
  const message = MESSAGES[reason];
  return { __typename: 'CloseAccountRefused', accountId, reason, message } as const;
}
