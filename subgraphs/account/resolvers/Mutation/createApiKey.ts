import { parseAccountId } from '#shared/domain/ids.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { apiKeyRefused } from '../api-key-refusals.ts';
import { callerOf } from '../caller-of.ts';
import { scopeOf } from '../scope-names.ts';

export const createApiKey: NonNullable<MutationResolvers['createApiKey']> = async (
  _parent,
  { input },
  context,
) => {
  const accountIds = input.accountIds?.map(parseAccountId) ?? null;
  if (accountIds?.includes(null)) return apiKeyRefused('ACCOUNT_EXCEEDED');
  const outcome = await context.useCases.apiKeys.create(callerOf(context), {
    name: input.name,
    scopes: input.scopes.map(scopeOf),
    accountIds: accountIds?.filter((id) => id !== null) ?? null,
    ipAllowList: input.ipAllowList ?? null,
    publicKey: input.publicKey ?? null,
    code: input.code ?? null,
    expiresAtMs: input.expiresAt == null ? null : Date.parse(input.expiresAt),
  });
  if (outcome.kind === 'refused') return apiKeyRefused(outcome.reason);
  return { __typename: 'ApiKeyCreated', apiKey: outcome.apiKey, secret: outcome.secret };
};
