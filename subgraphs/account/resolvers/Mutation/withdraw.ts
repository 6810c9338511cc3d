import { parseTransferId } from '#shared/domain/ids.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { callerOf } from '../caller-of.ts';
import { runTransfer } from '../run-transfer.ts';

export const withdraw: NonNullable<MutationResolvers['withdraw']> = async (
  _parent,
  { input: { code = null, addressId = null, ...input } },
  context,
) => {
  // Before the withdrawal: it has its audit entry whatever happens in between.
  const subjectId = parseTransferId(input.transferId);
  await context.useCases.trail.note(callerOf(context), 'WITHDRAWAL_REQUESTED', subjectId);
  return runTransfer(context, { kind: 'withdraw', addressId, ...input }, code);
};
