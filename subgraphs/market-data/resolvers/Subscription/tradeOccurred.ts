import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { marketOf } from '../markets-of.ts';

export const tradeOccurred: NonNullable<SubscriptionResolvers['tradeOccurred']> = {
  subscribe: (_, { symbol }, { useCases }) =>
    asField('tradeOccurred', useCases.tradeStream(marketOf(symbol, useCases))),
};
