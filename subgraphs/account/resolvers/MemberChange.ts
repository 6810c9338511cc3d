import { toTimestamp } from '#shared/domain/clock.ts';
import type { MemberChangeResolvers } from '../__generated__/graphql.ts';

export const MemberChange: MemberChangeResolvers = {
  id: ({ accountId, sequence }) => `${accountId}.${sequence}`,
  sequence: ({ sequence }) => `${sequence}`,
  at: ({ atMs }) => toTimestamp(atMs),
};
