import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { marketOf } from '../arguments.ts';

export const candleChanged: NonNullable<SubscriptionResolvers['candleChanged']> = {
  subscribe: (_, { symbol, interval }, { desk }) =>
    asField('candleChanged', desk.streams.candles(marketOf(symbol, desk), interval)),
};
