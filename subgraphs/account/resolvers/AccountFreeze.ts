import { toTimestamp } from '#shared/domain/clock.ts';
import type { AccountFreezeResolvers } from '../__generated__/graphql.ts';

export const AccountFreeze: AccountFreezeResolvers = {
  since: ({ sinceMs }) => toTimestamp(sinceMs),
};
