import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { marketsOf } from '../markets-of.ts';

export const instrumentStatusChanged: NonNullable<
  SubscriptionResolvers['instrumentStatusChanged']
> = {
  subscribe: (_, { symbols }, { useCases }) =>
    asField('instrumentStatusChanged', useCases.statusStream(marketsOf(symbols, useCases))),
};
