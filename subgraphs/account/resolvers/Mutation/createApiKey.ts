import type { ApiKeyRefusalReason, MutationResolvers } from '../../__generated__/graphql.ts';
import { scopeOf } from '../scope-names.ts';
import { traderOf } from '../trader-of.ts';

const MESSAGES: Readonly<Record<ApiKeyRefusalReason, string>> = {
  SCOPE_EXCEEDED: 'A key can have only scopes of the credential it is made with.',
  INVALID_INPUT:
    'The name must have 1 to 64 characters, and the end must lie ahead and not behind the end of the credential the key is made with.',
};

export const createApiKey: NonNullable<MutationResolvers['createApiKey']> = async (
  _parent,
  { input },
  context,
) => {
  const outcome = await context.useCases.apiKeys.create(traderOf(context.viewer), {
    name: input.name,
    scopes: input.scopes.map(scopeOf),
    expiresAtMs: input.expiresAt == null ? null : Date.parse(input.expiresAt),
  });
  if (outcome.kind === 'refused') {
    const { reason } = outcome;
    return { __typename: 'ApiKeyRefused', reason, message: MESSAGES[reason] };
  }
  return { __typename: 'ApiKeyCreated', apiKey: outcome.apiKey, secret: outcome.secret };
};
