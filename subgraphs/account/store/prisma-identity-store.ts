import {
  type ApiKeyId,
  parseAccountId,
  parseApiKeyId,
  parseUserId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import { SCOPES } from '#shared/identity/viewer.ts';
import type { ApiKey as ApiKeyRow, User as UserRow } from '../__generated__/prisma/client.ts';
import type { ApiKeyWithHash, IdentityStore, User } from '../identity/identity-store.ts';
import type { AccountClient } from './account-client.ts';

/** Users and keys on PostgreSQL. */
export class PrismaIdentityStore implements IdentityStore {
  readonly #client: AccountClient;

  constructor(client: AccountClient) {
    this.#client = client;
  }

  async userById(id: UserId) {
    const row = await this.#client.user.findUnique({ where: { id } });
    return row === null ? null : userOf(row);
  }

  async userByEmail(email: string) {
    const row = await this.#client.user.findUnique({ where: { email } });
    return row === null ? null : { ...userOf(row), passwordHash: row.passwordHash };
  }

  async grantsOf(userId: UserId) {
    const rows = await this.#client.accountMember.findMany({
      where: { userId },
      orderBy: { accountId: 'asc' },
    });
    return rows.map(({ accountId, role }) => ({
      accountId: trusted(parseAccountId, accountId),
      role,
    }));
  }

  async addApiKey(key: ApiKeyWithHash) {
    const { id, userId, name, secretHash, scopes } = key;
    await this.#client.apiKey.create({
      data: {
        ...{ id, userId, name, secretHash, scopes: [...scopes] },
        createdAt: new Date(key.createdAtMs),
        expiresAt: key.expiresAtMs === null ? null : new Date(key.expiresAtMs),
      },
    });
  }

  async apiKey(id: ApiKeyId) {
    const row = await this.#client.apiKey.findUnique({ where: { id } });
    return row === null ? null : apiKeyOf(row);
  }

  async apiKeysOf(userId: UserId) {
    const rows = await this.#client.apiKey.findMany({
      where: { userId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    });
    return rows.map(apiKeyOf);
  }

  async revokeApiKey(userId: UserId, id: ApiKeyId, atMs: number) {
    await this.#client.apiKey.updateMany({
      where: { id, userId, revokedAt: null },
      data: { revokedAt: new Date(atMs) },
    });
    const row = await this.#client.apiKey.findFirst({ where: { id, userId } });
    return row === null ? null : apiKeyOf(row);
  }

  async markApiKeyUsed(id: ApiKeyId, atMs: number) {
    await this.#client.apiKey.update({ where: { id }, data: { lastUsedAt: new Date(atMs) } });
  }
}

function userOf({ id, email, name }: UserRow): User {
  return { id: trusted(parseUserId, id), email, name };
}

function apiKeyOf(row: ApiKeyRow): ApiKeyWithHash {
  return {
    id: trusted(parseApiKeyId, row.id),
    userId: trusted(parseUserId, row.userId),
    name: row.name,
    // A scope that a newer release wrote and this one does not know grants nothing here.
    scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
    secretHash: row.secretHash,
    createdAtMs: row.createdAt.getTime(),
    expiresAtMs: row.expiresAt?.getTime() ?? null,
    revokedAtMs: row.revokedAt?.getTime() ?? null,
    lastUsedAtMs: row.lastUsedAt?.getTime() ?? null,
  };
}
