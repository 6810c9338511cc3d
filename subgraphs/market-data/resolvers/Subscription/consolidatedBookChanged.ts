import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { parseLatestRate, parseStreamDepth, venuesOf } from '../arguments.ts';

export const consolidatedBookChanged: NonNullable<
  SubscriptionResolvers['consolidatedBookChanged']
> = {
  subscribe: (_, { symbol, depth, delivery }, { desk }) => {
    const wish = { depth: parseStreamDepth(depth, 1), maxPerSecond: parseLatestRate(delivery) };
    return asField(
      'consolidatedBookChanged',
      desk.streams.consolidatedBook(venuesOf(symbol, desk), wish),
    );
  },
};
