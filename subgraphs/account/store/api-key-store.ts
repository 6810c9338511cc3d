import {
  type ApiKeyId,
  parseAccountId,
  parseApiKeyId,
  parseUserId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import { SCOPES } from '#shared/identity/viewer.ts';
import type { ApiKey as ApiKeyRow } from '../__generated__/prisma/client.ts';
import {
  type ApiKey,
  type ApiKeyStore,
  type ApiKeyWithHashes,
  MAX_VALID_KEYS,
} from '../identity/api-keys/api-key-store.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import type { CreationPageKey } from '../identity/creation-page-key.ts';
import { parseRetryKey } from '../identity/sessions/retry-key.ts';
import type { AccountClient } from './account-client.ts';
import type { UserTransactions } from './user-transactions.ts';
import type { CredentialNews } from './credential-news.ts';
import { creationPage } from './creation-page.ts';
import { assertCredential, lockUser, lockUserToGrant } from './lock-user.ts';
import { appendAudit } from './audit-store.ts';

/** API keys in PostgreSQL. */
export class PostgresApiKeyStore implements ApiKeyStore {
  readonly #client: AccountClient;
  readonly #transactions: UserTransactions;
  readonly #news: CredentialNews;

  constructor(client: AccountClient, transactions: UserTransactions, news: CredentialNews) {
    this.#client = client;
    this.#transactions = transactions;
    this.#news = news;
  }

  async add(key: ApiKeyWithHashes, record: AuditRecord, maker: ApiKey | null = null) {
    const { id, userId, name, scopes, accountIds, ipAllowList, publicKey, secretHash } = key;
    const data = {
      id,
      userId,
      name,
      publicKey,
      secretHash,
      scopes: [...scopes],
      touchesAllAccounts: accountIds === null,
      accountIds: [...(accountIds ?? [])],
      ipAllowList: [...ipAllowList],
      createdAt: new Date(key.createdAtMs),
      expiresAt: dateOf(key.expiresAtMs),
    };
    return this.#transactions.run(record.userId, async (transaction) => {
      await lockUserToGrant(transaction, record, maker);
      const where = { userId, ...validAt(record.atMs) };
      if ((await transaction.apiKey.count({ where })) >= MAX_VALID_KEYS) return false;
      await transaction.apiKey.create({ data });
      await appendAudit(transaction, record);
      return true;
    });
  }

  async key(id: ApiKeyId) {
    const row = await this.#client.apiKey.findUnique({ where: { id } });
    return row === null ? null : apiKeyOf(row);
  }

  async keysOf(userId: UserId, atMs: number, limit: number) {
    const { orderBy } = creationPage({ before: null, limit });
    const isValid = validAt(atMs);
    const valid = await this.#client.apiKey.findMany({
      where: { userId, ...isValid },
      orderBy,
      take: limit,
    });
    const ended = await this.#client.apiKey.findMany({
      where: { userId, NOT: isValid },
      orderBy,
      take: limit - valid.length,
    });
    return [...valid, ...ended].map(apiKeyOf);
  }

  async pageOf(userId: UserId, key: CreationPageKey) {
    const { where, ...rest } = creationPage(key);
    const rows = await this.#client.apiKey.findMany({ where: { userId, ...where }, ...rest });
    return rows.map(apiKeyOf);
  }

  rotate(...[id, change, record, maker]: Parameters<ApiKeyStore['rotate']>) {
    const work = this.#transactions.run(record.userId, async (transaction) => {
      await lockUserToGrant(transaction, record, maker);
      const [row] = await transaction.apiKey.updateManyAndReturn({
        where: {
          id,
          secretHash: change.from,
          revokedAt: null,
          ...(change.isRepetition ? { secretUsedAt: null } : {}),
        },
        data: {
          secretHash: change.to,
          secretUsedAt: null,
          previousSecretHash: change.previousSecretHash,
          previousSecretUntil: new Date(change.previousSecretUntilMs),
          rotationRetryKey: change.rotationRetryKey,
        },
      });
      if (row === undefined) return null;
      await appendAudit(transaction, record);
      return apiKeyOf(row);
    });
    return this.#news.announceIfChanged(record.userId, work, (key) => key !== null);
  }

  update(...[id, change, record, maker]: Parameters<ApiKeyStore['update']>) {
    const { name, ipAllowList } = change;
    const { userId } = record;
    const work = this.#transactions.run(userId, async (transaction) => {
      await lockUserToGrant(transaction, record, maker);
      const [row] = await transaction.apiKey.updateManyAndReturn({
        where: { id, userId, revokedAt: null },
        data: {
          ...(name === null ? {} : { name }),
          ...(ipAllowList === null ? {} : { ipAllowList: [...ipAllowList] }),
        },
      });
      if (row === undefined) return null;
      await appendAudit(transaction, record);
      return apiKeyOf(row);
    });
    // A key's name grants nothing, so its change is not announced.
    return this.#news.announceIfChanged(
      userId,
      work,
      (key) => key !== null && ipAllowList !== null,
    );
  }

  async revoke(id: ApiKeyId, record: AuditRecord) {
    const { userId, atMs } = record;
    const work = this.#transactions.runFirst(record, async (transaction) => {
      await lockUser(transaction, userId);
      const { count } = await transaction.apiKey.updateMany({
        where: { id, userId, revokedAt: null },
        data: { revokedAt: new Date(atMs) },
      });
      if (record.apiKeyId !== id) await assertCredential(transaction, record);
      if (count > 0) await appendAudit(transaction, record);
      const row = await transaction.apiKey.findFirst({ where: { id, userId } });
      return { isRevoked: count > 0, key: row === null ? null : apiKeyOf(row) };
    });
    return (await this.#news.announceIfChanged(userId, work, ({ isRevoked }) => isRevoked)).key;
  }

  async markUsed(id: ApiKeyId, atMs: number, address: string | null) {
    const data = { lastUsedAt: new Date(atMs), lastUsedAddress: address };
    await this.#client.apiKey.update({ where: { id }, data });
  }

  async markSecretUsed(id: ApiKeyId, secretHash: string, atMs: number) {
    const where = { id, secretHash, secretUsedAt: null };
    await this.#client.apiKey.updateMany({ where, data: { secretUsedAt: new Date(atMs) } });
  }
}

/** The condition that a key is valid at this time. */
export function validAt(atMs: number) {
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date(atMs) } }] };
}

function apiKeyOf(row: ApiKeyRow): ApiKeyWithHashes {
  const accountIds = row.accountIds.map((id) => trusted(parseAccountId, id));
  return {
    id: trusted(parseApiKeyId, row.id),
    userId: trusted(parseUserId, row.userId),
    name: row.name,
    // A newer release may have stored a scope that this release does not know; it grants nothing here.
    scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
    accountIds: row.touchesAllAccounts ? null : accountIds,
    ipAllowList: row.ipAllowList,
    publicKey: row.publicKey,
    secretHash: row.secretHash,
    previousSecretHash: row.previousSecretHash,
    previousSecretUntilMs: timeOf(row.previousSecretUntil),
    rotationRetryKey: row.rotationRetryKey === null ? null : parseRetryKey(row.rotationRetryKey),
    secretUsedAtMs: timeOf(row.secretUsedAt),
    createdAtMs: row.createdAt.getTime(),
    expiresAtMs: timeOf(row.expiresAt),
    revokedAtMs: timeOf(row.revokedAt),
    lastUsedAtMs: timeOf(row.lastUsedAt),
    lastUsedAddress: row.lastUsedAddress,
  };
}

function dateOf(atMs: number | null): Date | null {
  return atMs === null ? null : new Date(atMs);
}

function timeOf(date: Date | null): number | null {
  return date?.getTime() ?? null;
}
