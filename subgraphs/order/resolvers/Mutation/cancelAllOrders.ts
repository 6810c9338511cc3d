import { toTimestamp } from '#shared/domain/clock.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountNotFound } from '../answers.ts';
import { orUnavailable } from '../unavailable.ts';
import { unlessUnknownSymbol } from '../unless-unknown-symbol.ts';

export const cancelAllOrders: NonNullable<MutationResolvers['cancelAllOrders']> = async (
  _parent,
  { input },
  { useCases, instruments },
) => {
  const { outcome, ...times } = await orUnavailable(useCases.cancelAllOrders(input));
  if (outcome.kind === 'accountNotFound') return accountNotFound(outcome);
  const orders = await unlessUnknownSymbol(outcome.orders, input.symbol, instruments);
  return {
    __typename: 'OrdersCanceled',
    orders: [...orders],
    receivedAt: toTimestamp(times.receivedAt),
    answeredAt: toTimestamp(times.answeredAt),
  };
};
