import type { PrivateStreamItem } from '#shared/events/private-stream.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import type { RfqSnapshot } from '../../domain/rfq/rfq-events.ts';
import { eachEvent } from '../fresh-reads.ts';
import { rfqStreamEvent } from '../rfq-stream-event.ts';

export const quoteStream: NonNullable<SubscriptionResolvers['quoteStream']> = {
  subscribe: async (_parent, { rfqId, after }, { rfqUseCases }) => {
    const stream = await rfqUseCases.quoteStream(rfqId, after);
    if (stream !== null) return stream as AsyncIterable<never>;
    throw new DomainError(
      DomainErrorCode.NOT_FOUND,
      'There is no request for quote with this id that you can see.',
    );
  },
  resolve: eachEvent((item: PrivateStreamItem<RfqSnapshot>, context) =>
    rfqStreamEvent(item, context),
  ),
};
