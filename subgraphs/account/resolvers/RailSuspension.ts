import { toTimestamp } from '#shared/domain/clock.ts';
import type { RailSuspensionResolvers } from '../__generated__/graphql.ts';

export const RailSuspension: RailSuspensionResolvers = {
  since: ({ sinceMs }) => toTimestamp(sinceMs),
};
