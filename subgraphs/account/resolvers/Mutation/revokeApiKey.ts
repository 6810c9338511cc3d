import { parseApiKeyId } from '#shared/domain/ids.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { apiKeyNotFound } from '../api-key-refusals.ts';
import { callerOf } from '../caller-of.ts';

export const revokeApiKey: NonNullable<MutationResolvers['revokeApiKey']> = async (
  _parent,
  { input },
  context,
) => {
  const id = parseApiKeyId(input.id);
  const apiKey = id === null ? null : await context.useCases.apiKeys.revoke(callerOf(context), id);
  if (apiKey !== null) return { __typename: 'ApiKeyRevoked', apiKey };
  return apiKeyNotFound(input.id);
};
