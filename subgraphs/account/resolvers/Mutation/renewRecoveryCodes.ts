import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { secondFactorRefused } from '../second-factor-refusals.ts';
import { signedInCallerOf } from '../signed-in-caller.ts';

export const renewRecoveryCodes: NonNullable<MutationResolvers['renewRecoveryCodes']> = async (
  _parent,
  { input },
  context,
) => {
  const caller = signedInCallerOf(context);
  const outcome = await context.useCases.secondFactor.renewRecoveryCodes(caller, input.code);
  if (outcome.kind === 'refused') return secondFactorRefused(outcome);
  return { __typename: 'RecoveryCodesGiven', recoveryCodes: [...outcome.recoveryCodes] };
};
