import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { accountNotFound, timesOf } from '../answers.ts';
import { orUnavailable } from '../unavailable.ts';
import { unlessUnknownSymbol } from '../unless-unknown-symbol.ts';

export const cancelAllOrders: NonNullable<MutationResolvers['cancelAllOrders']> = async (
  _parent,
  { input },
  { useCases, instruments, pieces },
) => {
  const { outcome, ...answered } = await orUnavailable(useCases.cancelAllOrders(input));
  if (outcome.kind === 'accountNotFound') return accountNotFound(outcome);
  const orders = await unlessUnknownSymbol(outcome.orders, input.symbol, instruments);
  return {
    __typename: 'OrdersCanceled',
    orders: pieces.each(orders),
    ...timesOf(answered),
  };
};
