import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { marketOf } from '../markets-of.ts';

export const candleChanged: NonNullable<SubscriptionResolvers['candleChanged']> = {
  subscribe: (_, { symbol, interval }, { useCases }) =>
    asField('candleChanged', useCases.candleStream(marketOf(symbol, useCases), interval)),
};
