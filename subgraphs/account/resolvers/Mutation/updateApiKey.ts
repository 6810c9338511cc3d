import { parseApiKeyId } from '#shared/domain/ids.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { apiKeyNotFound, apiKeyRefused } from '../api-key-refusals.ts';
import { callerOf } from '../caller-of.ts';

export const updateApiKey: NonNullable<MutationResolvers['updateApiKey']> = async (
  _parent,
  { input },
  context,
) => {
  const id = parseApiKeyId(input.id);
  const change = {
    name: input.name ?? null,
    ipAllowList: input.ipAllowList ?? null,
    code: input.code ?? null,
  };
  const outcome =
    id === null ? null : await context.useCases.apiKeys.update(callerOf(context), id, change);
  if (outcome === null) return apiKeyNotFound(input.id);
  if (outcome.kind === 'refused') return apiKeyRefused(outcome.reason);
  return { __typename: 'ApiKeyUpdated', apiKey: outcome.apiKey };
};
