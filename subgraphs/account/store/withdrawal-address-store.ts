import {
  parseAssetCode,
  parseUserId,
  parseWithdrawalAddressId,
  trusted,
  type UserId,
  type WithdrawalAddressId,
} from '#shared/domain/ids.ts';
import type { WithdrawalAddress as AddressRow } from '../__generated__/prisma/client.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import {
  MAX_WITHDRAWAL_ADDRESSES,
  type WithdrawalAddress,
  type WithdrawalAddressStore,
} from '../identity/withdrawals/withdrawal-address-store.ts';
import type { AccountClient } from './account-client.ts';
import { appendAudit } from './audit-store.ts';
import { lockUserToGrant } from './lock-user.ts';
import type { UserTransactions } from './user-transactions.ts';

/** Saved addresses in PostgreSQL. Removed ones stay, because withdrawals were sent to them. */
export class PostgresWithdrawalAddressStore implements WithdrawalAddressStore {
  readonly #client: AccountClient;
  readonly #transactions: UserTransactions;

  constructor(client: AccountClient, transactions: UserTransactions) {
    this.#client = client;
    this.#transactions = transactions;
  }

  async addressesOf(userId: UserId) {
    const rows = await this.#client.withdrawalAddress.findMany({
      where: { userId, removedAt: null },
      orderBy: [{ addedAt: 'desc' }, { id: 'desc' }],
    });
    return rows.map(addressOf);
  }

  add(added: WithdrawalAddress, record: AuditRecord) {
    const { id, userId, asset: assetCode, address, label } = added;
    return this.#transactions.run(userId, async (transaction) => {
      // If two requests save the same address, the second waits here and finds that of the first.
      await lockUserToGrant(transaction, record);
      const { withdrawalAddress } = transaction;
      const valid = { userId, removedAt: null };
      const known = await withdrawalAddress.findFirst({ where: { ...valid, assetCode, address } });
      if (known !== null)
        return { kind: 'added', address: addressOf(known), replayed: true } as const;
      if ((await withdrawalAddress.count({ where: valid })) >= MAX_WITHDRAWAL_ADDRESSES)
        return { kind: 'full' } as const;
      const times = {
        addedAt: new Date(added.addedAtMs),
        usableFrom: new Date(added.usableFromMs),
      };
      const data = { id, userId, assetCode, address, label, ...times };
      await withdrawalAddress.create({ data });
      await appendAudit(transaction, record);
      return { kind: 'added', address: added, replayed: false } as const;
    });
  }

  remove(id: WithdrawalAddressId, record: AuditRecord) {
    const { userId, atMs } = record;
    // First, because it closes a way out that a thief may have opened.
    return this.#transactions.runFirst(record, async (transaction) => {
      // What was stolen and has ended since keeps the user from no address by a request that was on its way.
      await lockUserToGrant(transaction, record);
      const { count } = await transaction.withdrawalAddress.updateMany({
        where: { id, userId, removedAt: null },
        data: { removedAt: new Date(atMs) },
      });
      if (count > 0) await appendAudit(transaction, record);
      const row = await transaction.withdrawalAddress.findFirst({ where: { id, userId } });
      return row === null ? null : addressOf(row);
    });
  }

  async switchOf(userId: UserId) {
    const row = await this.#client.savedAddressesSwitch.findUnique({ where: { userId } });
    return row === null ? null : { offFromMs: row.offFrom?.getTime() ?? null };
  }

  switchOn(record: AuditRecord) {
    const { userId } = record;
    return this.#transactions.runFirst(record, async (transaction) => {
      await lockUserToGrant(transaction, record);
      const off = { offFrom: null };
      const data = { where: { userId }, create: { userId, ...off }, update: off };
      await transaction.savedAddressesSwitch.upsert(data);
      await appendAudit(transaction, record);
      return { offFromMs: null };
    });
  }

  switchOff(offFromMs: number, record: AuditRecord) {
    const { userId, atMs } = record;
    return this.#transactions.run(userId, async (transaction) => {
      await lockUserToGrant(transaction, record);
      const row = await transaction.savedAddressesSwitch.findUnique({ where: { userId } });
      const earlierMs = row?.offFrom?.getTime() ?? null;
      if (row === null || (earlierMs !== null && earlierMs <= atMs)) return null;
      if (earlierMs !== null) return { offFromMs: earlierMs };
      const data = { offFrom: new Date(offFromMs) };
      await transaction.savedAddressesSwitch.update({ where: { userId }, data });
      await appendAudit(transaction, record);
      return { offFromMs };
    });
  }
}

function addressOf(row: AddressRow): WithdrawalAddress {
  return {
    id: trusted(parseWithdrawalAddressId, row.id),
    userId: trusted(parseUserId, row.userId),
    asset: trusted(parseAssetCode, row.assetCode),
    address: row.address,
    label: row.label,
    addedAtMs: row.addedAt.getTime(),
    usableFromMs: row.usableFrom.getTime(),
  };
}
