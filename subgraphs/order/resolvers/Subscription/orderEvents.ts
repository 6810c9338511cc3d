import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { PrivateStreamItem } from '#shared/events/private-stream.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import type { OrderSnapshot } from '../../domain/order-events.ts';
import { eachEvent } from '../fresh-reads.ts';
import { orderStreamEvent } from '../order-stream-event.ts';

export const orderEvents: NonNullable<SubscriptionResolvers['orderEvents']> = {
  subscribe: (_parent, { accountId, after }, { useCases }) => {
    const stream = useCases.orderEvents(accountId, after);
    if (stream !== null) return stream as AsyncIterable<never>;
    throw new DomainError(
      DomainErrorCode.NOT_FOUND,
      'There is no account with this id that you can see.',
    );
  },
  resolve: eachEvent((item: PrivateStreamItem<OrderSnapshot>, context) =>
    orderStreamEvent(item, context),
  ),
};
