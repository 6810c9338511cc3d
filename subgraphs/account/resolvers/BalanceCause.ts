import type { BalanceCauseResolvers } from '../__generated__/graphql.ts';

export const BalanceCause: BalanceCauseResolvers = {
  order: ({ orderId }) => (orderId === null ? null : { id: orderId }),
};
