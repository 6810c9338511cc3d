import { toTimestamp } from '#shared/domain/clock.ts';
import { MAX_REASON_LENGTH } from '#shared/domain/display-text.ts';
import { parseTransferId } from '#shared/domain/ids.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import { formatMoney } from '#shared/domain/money.ts';
import type { CorrectionRefusalReason, MutationResolvers } from '../../__generated__/graphql.ts';
import { DESK_ACCOUNTS } from '../../domain/account.ts';
import { callerOf } from '../caller-of.ts';
import { codeProofOf } from '../code-proof.ts';
import { CODE_MESSAGES } from '../code-refusals.ts';

export const correctLedgerEntry: NonNullable<MutationResolvers['correctLedgerEntry']> = async (
  _parent,
  { input: { amount = null, code = null, ...input } },
  context,
) => {
  const { useCases } = context;
  const caller = callerOf(context);
  const { HOUSE } = DESK_ACCOUNTS;
  const isDesk = async () => {
    await useCases.moneyGate.assertCredential(caller);
    return useCases.members.mayNow(caller.viewer, 'CORRECT_LEDGER', HOUSE);
  };
  const { transferId } = input;
  // Before the correction: it has its audit entry whatever happens in between.
  if (await isDesk())
    await useCases.trail.note(caller, 'CORRECTION_REQUESTED', parseTransferId(transferId));
  const requester = {
    userId: caller.viewer.userId,
    isDesk,
    code: codeProofOf(context, code),
  };
  const outcome = await useCases.requestCorrection(requester, { ...input, amount });
  switch (outcome.kind) {
    case 'applied': {
      const { replayed, atMs } = outcome;
      return { __typename: 'TransferApplied', transferId, replayed, appliedAt: toTimestamp(atMs) };
    }
    case 'refused': {
      const { reason } = outcome;
      const free = outcome.free === null ? null : formatMoney(outcome.free);
      const message = MESSAGES[reason];
      return { __typename: 'CorrectionRefused', transferId, reason, message, free };
    }
    case 'conflict': {
      const differingFields = [...outcome.differingFields];
      const message =
        'This transferId was already used for a different correction, which is unaffected.';
      return { __typename: 'TransferIdConflict', transferId, differingFields, message };
    }
    default:
      return assertNever(outcome, 'Mutation.correctLedgerEntry');
  }
};

const MESSAGES: Readonly<Record<CorrectionRefusalReason, string>> = {
  NOT_THE_DESK: 'Only the desk can correct ledger entries.',
  INVALID_TRANSFER_ID: 'A transferId must have 1 to 64 characters of A-Z a-z 0-9 _ . : -',
  REASON_INVALID: `A reason must have 1 to ${MAX_REASON_LENGTH} characters, without control characters.`,
  ENTRY_NOT_FOUND: 'There is no such entry.',
  INVALID_AMOUNT:
    "The amount must be greater than zero and at most what was moved, with no more decimal places than the asset's scale.",
  ALREADY_CORRECTED: 'Less of the entry is left to be corrected.',
  ACCOUNT_CLOSED: 'An account of this entry is closed; nobody could use the money there.',
  INSUFFICIENT_FUNDS: 'Less is available than the amount to be reversed.',
  ...CODE_MESSAGES,
};
