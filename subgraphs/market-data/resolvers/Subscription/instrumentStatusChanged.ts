import { asField } from '../../streams/as-field.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import { marketsOf } from '../arguments.ts';

export const instrumentStatusChanged: NonNullable<
  SubscriptionResolvers['instrumentStatusChanged']
> = {
  subscribe: (_, { symbols }, { desk }) =>
    asField('instrumentStatusChanged', desk.streams.statuses(marketsOf(symbols, desk))),
};
