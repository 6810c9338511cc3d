import { toTimestamp } from '#shared/domain/clock.ts';
import type { SessionResolvers } from '../__generated__/graphql.ts';

export const Session: SessionResolvers = {
  isCurrent: ({ id }, _args, { viewer }) =>
    viewer.kind === 'trader' &&
    viewer.credential.kind === 'session' &&
    viewer.credential.sessionId === id,
  address: ({ origin }) => origin?.address ?? null,
  userAgent: ({ origin }) => origin?.userAgent ?? null,
  createdAt: ({ createdAtMs }) => toTimestamp(createdAtMs),
  refreshedAt: ({ refreshedAtMs }) => toTimestamp(refreshedAtMs),
  expiresAt: ({ expiresAtMs }) => toTimestamp(expiresAtMs),
  endedAt: ({ endedAtMs }) => (endedAtMs === null ? null : toTimestamp(endedAtMs)),
};
