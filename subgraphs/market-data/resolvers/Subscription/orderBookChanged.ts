import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { marketOf, parseStreamDepth } from '../arguments.ts';

export const orderBookChanged: NonNullable<SubscriptionResolvers['orderBookChanged']> = {
  subscribe: (_, { symbol, depth }, { desk }) =>
    asField(
      'orderBookChanged',
      desk.streams.orderBook(marketOf(symbol, desk), parseStreamDepth(depth)),
    ),
};
