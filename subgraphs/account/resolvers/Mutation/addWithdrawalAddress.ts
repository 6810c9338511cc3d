import type {
  MutationResolvers,
  WithdrawalAddressRefusalReason,
} from '../../__generated__/graphql.ts';
import { CODE_MESSAGES } from '../code-refusals.ts';
import { signedInCallerOf } from '../signed-in-caller.ts';

const MESSAGES: Readonly<Record<WithdrawalAddressRefusalReason, string>> = {
  ASSET_NOT_FOUND: 'There is no such asset.',
  ADDRESS_INVALID: 'An address must have 1 to 128 printable ASCII characters, without spaces.',
  LABEL_INVALID: 'A label must have 1 to 64 characters, without control characters.',
  TOO_MANY_ADDRESSES: 'You have 100 saved addresses; remove one first.',
  ...CODE_MESSAGES,
};

export const addWithdrawalAddress: NonNullable<MutationResolvers['addWithdrawalAddress']> = async (
  _parent,
  { input },
  context,
) => {
  const request = { ...input, code: input.code ?? null };
  const { withdrawalAddresses } = context.useCases;
  const outcome = await withdrawalAddresses.add(signedInCallerOf(context), request);
  if (outcome.kind === 'refused') {
    const { reason } = outcome;
    return { __typename: 'WithdrawalAddressRefused', reason, message: MESSAGES[reason] };
  }
  const { address, replayed } = outcome;
  return { __typename: 'WithdrawalAddressAdded', withdrawalAddress: address, replayed };
};
