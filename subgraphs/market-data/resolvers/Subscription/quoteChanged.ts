import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { marketsOf, parseDelivery } from '../arguments.ts';

export const quoteChanged: NonNullable<SubscriptionResolvers['quoteChanged']> = {
  subscribe: (_, { symbols, delivery }, { desk }) =>
    asField('quoteChanged', desk.streams.quotes(marketsOf(symbols, desk), parseDelivery(delivery))),
};
