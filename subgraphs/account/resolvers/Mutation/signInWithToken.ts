import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { signInRefused } from '../sign-in-refusals.ts';
import { signedInOf } from '../signed-in.ts';

export const signInWithToken: NonNullable<MutationResolvers['signInWithToken']> = async (
  _parent,
  { input: { idToken, code = null, endOthers: endsOthers = false } },
  context,
) => {
  const input = { idToken, code, endsOthers };
  const outcome = await context.useCases.signInWithToken.run(input, context.origin);
  if (outcome.kind === 'refused') return signInRefused(outcome.reason);
  return signedInOf(outcome.signedIn);
};
