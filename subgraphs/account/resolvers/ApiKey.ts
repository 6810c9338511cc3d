import { toTimestamp } from '#shared/domain/clock.ts';
import type { ApiKeyResolvers } from '../__generated__/graphql.ts';
import { scopeNamesOf } from './scope-names.ts';

const timestampOf = (atMs: number | null) => (atMs === null ? null : toTimestamp(atMs));

export const ApiKey: ApiKeyResolvers = {
  scopes: ({ scopes }) => scopeNamesOf(scopes),
  createdAt: ({ createdAtMs }) => toTimestamp(createdAtMs),
  expiresAt: ({ expiresAtMs }) => timestampOf(expiresAtMs),
  revokedAt: ({ revokedAtMs }) => timestampOf(revokedAtMs),
};
