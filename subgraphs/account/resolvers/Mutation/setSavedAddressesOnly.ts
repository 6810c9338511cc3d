import type {
  MutationResolvers,
  SavedAddressesOnlyRefusalReason,
} from '../../__generated__/graphql.ts';
import { CODE_MESSAGES } from '../code-refusals.ts';
import { savedAddressesOnlyOf } from '../saved-addresses-only.ts';
import { signedInCallerOf } from '../signed-in-caller.ts';

const MESSAGES: Readonly<Record<SavedAddressesOnlyRefusalReason, string>> = {
  SECOND_FACTOR_OFF: 'Turn a second factor on first.',
  ...CODE_MESSAGES,
};

export const setSavedAddressesOnly: NonNullable<
  MutationResolvers['setSavedAddressesOnly']
> = async (_parent, { input: { isOn, code = null } }, context) => {
  const { withdrawalAddresses } = context.useCases;
  const outcome = await withdrawalAddresses.setOnly(signedInCallerOf(context), { isOn, code });
  if (outcome.kind === 'set')
    return {
      __typename: 'SavedAddressesOnlySet',
      savedAddressesOnly: savedAddressesOnlyOf(outcome.policy),
    };
  const { reason } = outcome;
  return { __typename: 'SavedAddressesOnlyRefused', reason, message: MESSAGES[reason] };
};
