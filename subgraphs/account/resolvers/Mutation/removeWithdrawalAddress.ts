import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { signedInCallerOf } from '../signed-in-caller.ts';

export const removeWithdrawalAddress: NonNullable<
  MutationResolvers['removeWithdrawalAddress']
> = async (_parent, { input: { id } }, context) => {
  const { withdrawalAddresses } = context.useCases;
  const removed = await withdrawalAddresses.remove(signedInCallerOf(context), id);
  if (removed !== null) return { __typename: 'WithdrawalAddressRemoved', id };
  return { __typename: 'WithdrawalAddressNotFound', id, message: 'You have no such address.' };
};
