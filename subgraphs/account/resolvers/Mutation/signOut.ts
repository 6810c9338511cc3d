import { toTimestamp } from '#shared/domain/clock.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { callerOf } from '../caller-of.ts';

export const signOut: NonNullable<MutationResolvers['signOut']> = async (
  _parent,
  _args,
  context,
) => {
  const caller = callerOf(context);
  const { credential } = caller.viewer;
  if (credential.kind !== 'session')
    throw new DomainError(
      DomainErrorCode.FORBIDDEN,
      'This request was made with an API key; there is no session to end. Use revokeApiKey.',
    );
  const session = await context.useCases.sessions.end(caller, credential.sessionId);
  invariant(session?.endedAtMs != null, 'a sign-in that a request was made with is known');
  return { endedAt: toTimestamp(session.endedAtMs) };
};
