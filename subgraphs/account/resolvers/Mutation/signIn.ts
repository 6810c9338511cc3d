import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { signInRefused } from '../sign-in-refusals.ts';
import { signedInOf } from '../signed-in.ts';

export const signIn: NonNullable<MutationResolvers['signIn']> = async (
  _parent,
  { input: { endOthers: endsOthers = false, code = null, ...shown } },
  context,
) => {
  const input = { ...shown, code, endsOthers };
  const outcome = await context.useCases.signIn.run(input, context.origin);
  if (outcome.kind === 'refused') return signInRefused(outcome.reason);
  return signedInOf(outcome.signedIn);
};
