import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { marketsOf } from '../markets-of.ts';
import { parseDelivery } from '../parse-delivery.ts';

export const quoteChanged: NonNullable<SubscriptionResolvers['quoteChanged']> = {
  subscribe: (_, { symbols, delivery }, { useCases }) =>
    asField(
      'quoteChanged',
      useCases.quoteStream(marketsOf(symbols, useCases), parseDelivery(delivery)),
    ),
};
