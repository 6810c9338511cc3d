import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { secondFactorRefused } from '../second-factor-refusals.ts';
import { signedInCallerOf } from '../signed-in-caller.ts';

export const startSecondFactor: NonNullable<MutationResolvers['startSecondFactor']> = async (
  _parent,
  { input },
  context,
) => {
  const { currentPassword = null, idToken = null } = input ?? {};
  const outcome = await context.useCases.secondFactor.start(signedInCallerOf(context), {
    currentPassword,
    idToken,
  });
  if (outcome.kind === 'refused') return secondFactorRefused(outcome);
  return { __typename: 'SecondFactorStarted', secret: outcome.secret, uri: outcome.uri };
};
