import { parseSessionId } from '#shared/domain/ids.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { callerOf } from '../caller-of.ts';

export const endSession: NonNullable<MutationResolvers['endSession']> = async (
  _parent,
  { input },
  context,
) => {
  const id = parseSessionId(input.id);
  const session = id === null ? null : await context.useCases.sessions.end(callerOf(context), id);
  if (session !== null) return { __typename: 'SessionEnded', session };
  return { __typename: 'SessionNotFound', id: input.id, message: 'You have no such session.' };
};
