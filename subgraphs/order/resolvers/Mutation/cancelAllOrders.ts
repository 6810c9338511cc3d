import { toTimestamp } from '#shared/domain/clock.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountNotFound } from '../answers.ts';
import { orUnavailable } from '../unavailable.ts';

export const cancelAllOrders: NonNullable<MutationResolvers['cancelAllOrders']> = async (
  _parent,
  { input },
  { useCases },
) => {
  const { outcome, ...times } = await orUnavailable(useCases.cancelAllOrders(input));
  if (outcome.kind === 'accountNotFound') return accountNotFound(outcome);
  return {
    __typename: 'OrdersCanceled',
    orders: [...outcome.orders],
    receivedAt: toTimestamp(times.receivedAt),
    answeredAt: toTimestamp(times.answeredAt),
  };
};
