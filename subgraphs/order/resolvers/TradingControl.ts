import { toTimestamp } from '#shared/domain/clock.ts';
import type { TradingControlResolvers } from '../__generated__/graphql.ts';

const SCOPES = { account: 'ACCOUNT', deskAccount: 'DESK_ACCOUNT', desk: 'DESK' } as const;

export const TradingControl: TradingControlResolvers = {
  scope: ({ scope }) => SCOPES[scope.kind],
  changedAt: ({ changedAt }) => toTimestamp(changedAt),
};
