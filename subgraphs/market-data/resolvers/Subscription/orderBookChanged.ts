import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { marketOf } from '../markets-of.ts';
import { parseStreamDepth } from '../parse-depth.ts';
import { parsePriceStep } from '../parse-price-step.ts';

export const orderBookChanged: NonNullable<SubscriptionResolvers['orderBookChanged']> = {
  subscribe: (_, { symbol, depth, priceStep }, { useCases }) => {
    const market = marketOf(symbol, useCases);
    const wish = {
      depth: parseStreamDepth(depth),
      priceStep: parsePriceStep(priceStep, market.instrument),
    };
    return asField('orderBookChanged', useCases.orderBookStream(market, wish));
  },
};
