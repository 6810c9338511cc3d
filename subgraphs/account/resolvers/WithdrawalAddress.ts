import { toTimestamp } from '#shared/domain/clock.ts';
import type { WithdrawalAddressResolvers } from '../__generated__/graphql.ts';

export const WithdrawalAddress: WithdrawalAddressResolvers = {
  addedAt: ({ addedAtMs }) => toTimestamp(addedAtMs),
  usableFrom: ({ usableFromMs }) => toTimestamp(usableFromMs),
};
