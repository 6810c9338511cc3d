import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { venuesOf } from '../markets-of.ts';
import { parseLatestRate } from '../parse-delivery.ts';
import { parseStreamDepth } from '../parse-depth.ts';

export const consolidatedBookChanged: NonNullable<
  SubscriptionResolvers['consolidatedBookChanged']
> = {
  subscribe: (_, { symbol, depth, delivery }, { useCases }) => {
    const wish = { depth: parseStreamDepth(depth, 1), maxPerSecond: parseLatestRate(delivery) };
    return asField(
      'consolidatedBookChanged',
      useCases.consolidatedBookStream(venuesOf(symbol, useCases), wish),
    );
  },
};
