import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { marketsOf } from '../markets-of.ts';

export const tickerChanged: NonNullable<SubscriptionResolvers['tickerChanged']> = {
  subscribe: (_, { symbols }, { useCases }) =>
    asField('tickerChanged', useCases.tickerStream(marketsOf(symbols, useCases))),
};
