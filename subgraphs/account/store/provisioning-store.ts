import type { AssetCode, UserId } from '#shared/domain/ids.ts';
import { type AccountGrant } from '#shared/identity/viewer.ts';
import { type Account, mayOwe } from '../domain/account.ts';
import type { User } from '../identity/identity-store.ts';
import type { AccountClient } from './account-client.ts';
import { lockUser } from './lock-user.ts';
import { roomRefusal } from './member-room.ts';
import { appendMemberChange, lockMembers } from './member-changes.ts';

/**
 * Creates the rows that others refer to, such as users and accounts. Calls can be repeated: existing rows stay as they
 * are.
 */
export class ProvisioningStore {
  readonly #client: AccountClient;

  constructor(client: AccountClient) {
    this.#client = client;
  }

  async addAssets(assets: readonly { readonly code: AssetCode; readonly scale: number }[]) {
    await this.#client.asset.createMany({ data: [...assets], skipDuplicates: true });
  }

  async addAccount(account: Account): Promise<void> {
    const { id, name, kind, tradingState, createdAtMs } = account;
    const overdraftAllowed = mayOwe(kind);
    const createdAt = new Date(createdAtMs);
    await this.#client.account.createMany({
      data: [{ id, name, kind, tradingState, overdraftAllowed, createdAt }],
      skipDuplicates: true,
    });
  }

  /** @returns whether the user is new; an email address in use keeps its user */
  async addUser(
    user: User & { readonly passwordHash: string | null; readonly createdAtMs: number },
  ): Promise<boolean> {
    const { id, email, name, passwordHash, createdAtMs } = user;
    const { count } = await this.#client.user.createMany({
      data: [{ id, email, name, passwordHash, createdAt: new Date(createdAtMs) }],
      skipDuplicates: true,
    });
    return count === 1;
  }

  /** @returns why the user cannot become a member; null if they are one now */
  async addMember(userId: UserId, grant: AccountGrant, atMs: number) {
    const { accountId, role } = grant;
    return this.#client.$transaction(async (transaction) => {
      await lockMembers(transaction, accountId);
      await lockUser(transaction, userId);
      const refusal = await roomRefusal(transaction, accountId, userId);
      if (refusal !== null) return refusal;
      await transaction.accountMember.create({ data: { accountId, userId, role } });
      await appendMemberChange(transaction, {
        accountId,
        kind: 'JOINED',
        role,
        userId,
        byUserId: null,
        atMs,
      });
      return null;
    });
  }

  /** The sum of all totals for each asset; zero everywhere, or money was made or lost. */
  async totals(): Promise<readonly { readonly asset: string; readonly total: string }[]> {
    const rows = await this.#client.balance.groupBy({ by: ['assetCode'], _sum: { total: true } });
    return rows.map(({ assetCode, _sum }) => ({
      asset: assetCode,
      total: _sum.total?.toFixed() ?? '0',
    }));
  }
}
