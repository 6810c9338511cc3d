import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { marketOf } from '../arguments.ts';

export const tradeOccurred: NonNullable<SubscriptionResolvers['tradeOccurred']> = {
  subscribe: (_, { symbol }, { desk }) =>
    asField('tradeOccurred', desk.streams.trades(marketOf(symbol, desk))),
};
