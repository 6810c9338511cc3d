import { parseTransferId } from '#shared/domain/ids.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { callerOf } from '../caller-of.ts';
import { runTransfer } from '../run-transfer.ts';

export const withdraw: NonNullable<MutationResolvers['withdraw']> = async (
  _parent,
  { input: { code = null, addressId = null, ...input } },
  context,
) => {
  const { useCases } = context;
  const caller = callerOf(context);
  const id = parseTransferId(input.transferId);
  const { userId } = caller.viewer;
  const isRepeated = id !== null && (await useCases.moneyGate.isAnswered(userId, id));
  // Before the withdrawal: it has its audit entry whatever happens in between. A repeated one has its own, and moves
  // nothing: neither what the user does beside it nor the bound of the day keeps its answer from them.
  if (!isRepeated) await useCases.trail.note(caller, 'WITHDRAWAL_REQUESTED', id);
  return runTransfer(context, { kind: 'withdraw', addressId, ...input }, code);
};
