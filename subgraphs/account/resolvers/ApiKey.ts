import { toTimestamp } from '#shared/domain/clock.ts';
import type { ApiKeyResolvers } from '../__generated__/graphql.ts';
import { scopeNamesOf } from './scope-names.ts';

const timestampOf = (atMs: number | null) => (atMs === null ? null : toTimestamp(atMs));

export const ApiKey: ApiKeyResolvers = {
  scopes: ({ scopes }) => scopeNamesOf(scopes),
  accountIds: ({ accountIds }) => (accountIds === null ? null : [...accountIds]),
  ipAllowList: ({ ipAllowList }) => [...ipAllowList],
  createdAt: ({ createdAtMs }) => toTimestamp(createdAtMs),
  expiresAt: ({ expiresAtMs }) => timestampOf(expiresAtMs),
  previousSecretUntil: ({ previousSecretUntilMs }) => timestampOf(previousSecretUntilMs),
  lastUsedAt: ({ lastUsedAtMs }) => timestampOf(lastUsedAtMs),
  revokedAt: ({ revokedAtMs }) => timestampOf(revokedAtMs),
};
