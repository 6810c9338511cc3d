import { toTimestamp } from '#shared/domain/clock.ts';
import type { RfqEventResolvers } from '../__generated__/graphql.ts';

export const RfqEvent: RfqEventResolvers = {
  rfq: ({ rfqId }, _args, { rfqLoaders }) => rfqLoaders.rfqNow(rfqId),
  quote: async ({ rfqId, quote }, _args, { rfqLoaders }) =>
    quote === null ? null : { ...quote, symbol: await rfqLoaders.symbolOf(rfqId) },
  sequence: ({ sequence }) => `${sequence}`,
  previousSequence: ({ sequence }) => `${sequence - 1n}`,
  at: ({ at }) => toTimestamp(at),
};
