import { toTimestamp } from '#shared/domain/clock.ts';
import { formatMoney } from '#shared/domain/money.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { SettlementResolvers } from '../__generated__/graphql.ts';
import { scalesOf } from './scales.ts';

export const Settlement: SettlementResolvers = {
  status: ({ state }) => state.status,
  quantity: ({ quantity, symbol }, _args, context) =>
    formatQuantity(quantity, scalesOf(context, symbol).quantity),
  notional: ({ notional, symbol }, _args, context) =>
    formatMoney(notional, scalesOf(context, symbol).quote),
  createdAt: ({ createdAt }) => toTimestamp(createdAt),
  instructedAt: ({ state }) => ('instructedAt' in state ? toTimestamp(state.instructedAt) : null),
  settledAt: ({ state }) => ('settledAt' in state ? toTimestamp(state.settledAt) : null),
  failedAt: ({ state }) => ('failedAt' in state ? toTimestamp(state.failedAt) : null),
};
