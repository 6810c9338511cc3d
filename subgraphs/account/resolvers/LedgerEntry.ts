import { toTimestamp } from '#shared/domain/clock.ts';
import { formatMoney } from '#shared/domain/money.ts';
import type { LedgerEntryResolvers } from '../__generated__/graphql.ts';

export const LedgerEntry: LedgerEntryResolvers = {
  id: ({ entry }) => `${entry.accountId}.${entry.sequence}`,
  sequence: ({ entry }) => `${entry.sequence}`,
  type: ({ entry }) => entry.type,
  asset: ({ entry }) => ({ code: entry.asset }),
  change: ({ entry, scale }) => formatMoney(entry.change, scale),
  balanceAfter: ({ entry, scale }) => formatMoney(entry.balanceAfter, scale),
  transferId: ({ entry }) => entry.transferId,
  orderId: ({ entry }) => entry.orderId,
  fillId: ({ entry }) => entry.fillId,
  correction: ({ correction }) => correction,
  createdAt: ({ entry }) => toTimestamp(entry.atMs),
};
