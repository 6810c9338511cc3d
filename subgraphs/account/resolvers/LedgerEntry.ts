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
  order: ({ entry }) => (entry.orderId === null ? null : { id: entry.orderId }),
  fillId: ({ entry }) => entry.fillId,
  otherAccountId: ({ origin }) => origin.otherAccountId,
  withdrawalAddress: ({ origin }) => origin.withdrawalAddress,
  requestedBy: ({ origin }) => origin.requestedBy,
  correction: ({ correction }) => correction,
  createdAt: ({ entry }) => toTimestamp(entry.atMs),
};
