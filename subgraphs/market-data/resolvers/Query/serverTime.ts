import { toTimestamp } from '#shared/domain/clock.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const serverTime: NonNullable<QueryResolvers['serverTime']> = (_, _args, { useCases }) =>
  toTimestamp(useCases.nowMs());
