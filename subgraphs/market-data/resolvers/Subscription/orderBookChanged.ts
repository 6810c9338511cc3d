import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { marketOf, parsePriceStep, parseStreamDepth } from '../arguments.ts';

export const orderBookChanged: NonNullable<SubscriptionResolvers['orderBookChanged']> = {
  subscribe: (_, { symbol, depth, priceStep }, { desk }) => {
    const market = marketOf(symbol, desk);
    const wish = {
      depth: parseStreamDepth(depth),
      priceStep: parsePriceStep(priceStep, market.instrument),
    };
    return asField('orderBookChanged', desk.streams.orderBook(market, wish));
  },
};
