import { toTimestamp } from '#shared/domain/clock.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const feedStatus: NonNullable<QueryResolvers['feedStatus']> = (_, _args, { useCases }) =>
  useCases.feedStatuses().map(({ sinceMs, lastMessageAtMs, ...status }) => ({
    ...status,
    since: toTimestamp(sinceMs),
    lastMessageAt: lastMessageAtMs === null ? null : toTimestamp(lastMessageAtMs),
  }));
