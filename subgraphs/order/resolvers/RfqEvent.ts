import { toTimestamp } from '#shared/domain/clock.ts';
import type { RfqEventResolvers } from '../__generated__/graphql.ts';

export const RfqEvent: RfqEventResolvers = {
  rfq: ({ rfqId }, _args, { rfqLoaders }) => rfqLoaders.rfqNow(rfqId),
  sequence: ({ sequence }) => `${sequence}`,
  previousSequence: ({ sequence }) => `${sequence - 1n}`,
  at: ({ at }) => toTimestamp(at),
};
