import { toTimestamp } from '#shared/domain/clock.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import type { MutationResolvers, OpenAccountRefusalReason } from '../../__generated__/graphql.ts';
import { MAX_ACCOUNTS } from '../../identity/accounts/member-store.ts';
import { MAX_OPENED_A_DAY, MAX_OWN_ACCOUNTS } from '../../identity/accounts/own-account-store.ts';
import { callerOf } from '../caller-of.ts';

interface Refusal {
  readonly message: string;
  /** The limit that is reached, as a number of accounts. */
  readonly limit?: number;
}

const REFUSALS: Readonly<Record<OpenAccountRefusalReason, Refusal>> = {
  KEY_LIMITED_TO_ACCOUNTS: {
    message: 'This API key is restricted to certain accounts and cannot open others.',
  },
  INVALID_CLIENT_ACCOUNT_ID: {
    message: 'A clientAccountId must have 1 to 64 characters of A-Z a-z 0-9 _ . : -',
  },
  NAME_INVALID: { message: 'A name must have 1 to 64 characters, without control characters.' },
  TOO_MANY_OWN_ACCOUNTS: {
    message: `You own ${MAX_OWN_ACCOUNTS} accounts or more; no further one can be opened.`,
    limit: MAX_OWN_ACCOUNTS,
  },
  TOO_MANY_ACCOUNTS: {
    message: `You are a member of ${MAX_ACCOUNTS} accounts; leave one first.`,
    limit: MAX_ACCOUNTS,
  },
  TOO_MANY_OPENED: {
    message: `You opened ${MAX_OPENED_A_DAY} accounts within 24 hours; open another one later.`,
    limit: MAX_OPENED_A_DAY,
  },
};

export const openAccount: NonNullable<MutationResolvers['openAccount']> = async (
  _parent,
  { input },
  context,
) => {
  const { clientAccountId } = input;
  const outcome = await context.useCases.ownAccounts.open(callerOf(context), input);
  switch (outcome.kind) {
    case 'opened': {
      const { replayed, account } = outcome;
      const { accountId, name, openedAtMs, closedAtMs } = account;
      const opened = { clientAccountId, accountId, name, createdAt: toTimestamp(openedAtMs) };
      const closedAt = closedAtMs === null ? null : toTimestamp(closedAtMs);
      return { __typename: 'AccountOpened', ...opened, replayed, closedAt };
    }
    case 'conflict': {
      const { accountId, differingFields } = outcome;
      const message =
        'This clientAccountId already opened an account with a different name, which is unaffected.';
      const conflict = { clientAccountId, accountId, differingFields: [...differingFields] };
      return { __typename: 'ClientAccountIdConflict', ...conflict, message };
    }
    case 'refused': {
      const { reason } = outcome;
      const { message, limit = null } = REFUSALS[reason];
      return { __typename: 'OpenAccountRefused', clientAccountId, reason, message, limit };
    }
    default:
      return assertNever(outcome, 'openAccount');
  }
};
