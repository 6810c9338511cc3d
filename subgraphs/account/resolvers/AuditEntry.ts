import { toTimestamp } from '#shared/domain/clock.ts';
import type { AuditEntryResolvers } from '../__generated__/graphql.ts';

export const AuditEntry: AuditEntryResolvers = {
  id: ({ userId, sequence }) => `${userId}.${sequence}`,
  sequence: ({ sequence }) => `${sequence}`,
  at: ({ atMs }) => toTimestamp(atMs),
  address: ({ origin }) => origin?.address ?? null,
  userAgent: ({ origin }) => origin?.userAgent ?? null,
};
