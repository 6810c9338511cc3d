import { parseApiKeyId } from '#shared/domain/ids.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { apiKeyNotFound, apiKeyRefused } from '../api-key-refusals.ts';
import { callerOf } from '../caller-of.ts';

const DEFAULT_OVERLAP_S = 24 * 60 * 60;

export const rotateApiKey: NonNullable<MutationResolvers['rotateApiKey']> = async (
  _parent,
  { input },
  context,
) => {
  const id = parseApiKeyId(input.id);
  const overlapMs = (input.overlapSeconds ?? DEFAULT_OVERLAP_S) * 1000;
  const { code = null, retryKey = null } = input;
  const rotation = { overlapMs, code, retryKey };
  const outcome =
    id === null ? null : await context.useCases.apiKeys.rotate(callerOf(context), id, rotation);
  if (outcome === null) return apiKeyNotFound(input.id);
  if (outcome.kind === 'refused') return apiKeyRefused(outcome.reason);
  return { __typename: 'ApiKeyRotated', apiKey: outcome.apiKey, secret: outcome.secret };
};
