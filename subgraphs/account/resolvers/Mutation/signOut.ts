import { toTimestamp } from '#shared/domain/clock.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { traderOf } from '../trader-of.ts';

export const signOut: NonNullable<MutationResolvers['signOut']> = async (
  _parent,
  _args,
  context,
) => {
  const { credential } = traderOf(context.viewer);
  if (credential.kind !== 'session')
    throw new DomainError(
      DomainErrorCode.FORBIDDEN,
      'This request was made with an API key; there is no sign-in to end. Use revokeApiKey.',
    );
  return { endedAt: toTimestamp(await context.useCases.signOut.run(credential.sessionId)) };
};
