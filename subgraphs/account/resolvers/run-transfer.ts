import { toTimestamp } from '#shared/domain/clock.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import { formatMoney } from '#shared/domain/money.ts';
import { may } from '#shared/identity/permission.ts';
import type { ResolversTypes, TransferRefusalReason } from '../__generated__/graphql.ts';
import type { AccountContext } from '../context.ts';
import type { TransferRequest } from '../domain/request-transfer.ts';
import { RIGHTS } from '../identity/withdrawals/money-gate.ts';
import { accountNotFound } from './account-not-found.ts';
import { callerOf } from './caller-of.ts';
import { codeProofOf } from './code-proof.ts';
import { CODE_MESSAGES } from './code-refusals.ts';

const MESSAGES: Readonly<Record<TransferRefusalReason, string>> = {
  INSUFFICIENT_FUNDS: 'Less is available than the amount to be moved.',
  INVALID_AMOUNT:
    "The amount must be greater than zero and at most 1000000000000, with no more decimal places than the asset's scale.",
  ASSET_NOT_FOUND: 'There is no such asset.',
  INVALID_TRANSFER_ID: 'A transferId must have 1 to 64 characters of A-Z a-z 0-9 _ . : -',
  SAME_ACCOUNT: 'Both accounts are the same.',
  ACCOUNT_CLOSED: 'An account of this movement is closed.',
  ACCOUNT_FROZEN: 'The desk has frozen an account of this movement.',
  DEPOSITS_SUSPENDED:
    'Deposits of this asset are suspended; its depositsSuspension says why. The transferId can be used later.',
  WITHDRAWALS_SUSPENDED:
    'Withdrawals of this asset are suspended; its withdrawalsSuspension says why. The transferId can be used later.',
  ADDRESS_NEEDED: 'Your withdrawals go to saved addresses only; give the addressId of one.',
  ADDRESS_NOT_FOUND: 'You have no saved address with this id for this asset.',
  ADDRESS_NOT_USABLE_YET: 'This address is too new; its usableFrom says when it can be used.',
  DESTINATION_SHARED:
    'Your withdrawals go to saved addresses only, and someone else owns the account that the money would reach.',
  ...CODE_MESSAGES,
};

/**
 * What the three money mutations share: makes the request in the viewer's name, and shapes the
 * outcome.
 * @param code of the second factor; null if none is given
 */
export async function runTransfer(
  context: AccountContext,
  request: TransferRequest,
  code: string | null = null,
): Promise<Awaited<ResolversTypes['TransferResult']>> {
  const { useCases } = context;
  const caller = callerOf(context);
  const { viewer } = caller;
  const outcome = await useCases.requestTransfer(
    {
      userId: viewer.userId,
      mayUse: (id, way) => {
        const right = RIGHTS[request.kind][way];
        return right !== null && may(viewer, right, id);
      },
      gate: (command) => useCases.moneyGate.verdictOf(caller, command),
      code: codeProofOf(context, code),
    },
    request,
  );
  const { transferId } = request;
  switch (outcome.kind) {
    case 'applied': {
      const { replayed, atMs } = outcome;
      return { __typename: 'TransferApplied', transferId, replayed, appliedAt: toTimestamp(atMs) };
    }
    case 'refused': {
      const { reason } = outcome;
      const free = outcome.free === null ? null : formatMoney(outcome.free);
      return { __typename: 'TransferRefused', transferId, reason, message: MESSAGES[reason], free };
    }
    case 'conflict': {
      const differingFields = [...outcome.differingFields];
      const message =
        'This transferId was already used for a different movement, which is unaffected.';
      return { __typename: 'TransferIdConflict', transferId, differingFields, message };
    }
    case 'accountNotFound':
      return accountNotFound(outcome.accountId);
    default:
      return assertNever(outcome, 'runTransfer');
  }
}
