import type { AccountGrant, Scope } from '#shared/identity/viewer.ts';
import type { ApiKeyId, UserId } from '#shared/domain/ids.ts';

/** A person who signs in, or on whose behalf a key acts. */
export interface User {
  readonly id: UserId;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
}

/** A key for a program, without its secret. Times are milliseconds since the epoch. */
export interface ApiKey {
  readonly id: ApiKeyId;
  readonly userId: UserId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAtMs: number;
  /** Null for a key that does not end by itself. */
  readonly expiresAtMs: number | null;
  /** Null while it is good. */
  readonly revokedAtMs: number | null;
}

/** A key with what its secret is checked against. */
export interface ApiKeyWithHash extends ApiKey {
  readonly secretHash: string;
  readonly lastUsedAtMs: number | null;
}

/** The port behind which users and keys are kept. */
export interface IdentityStore {
  userById(id: UserId): Promise<User | null>;
  /** @param email in lower case */
  userByEmail(email: string): Promise<(User & { readonly passwordHash: string | null }) | null>;
  /** The accounts a user may touch, by account id. */
  grantsOf(userId: UserId): Promise<readonly AccountGrant[]>;

  addApiKey(key: ApiKeyWithHash): Promise<void>;
  apiKey(id: ApiKeyId): Promise<ApiKeyWithHash | null>;
  /** Newest first. */
  apiKeysOf(userId: UserId): Promise<readonly ApiKey[]>;
  /** Ends a key of this user; one that has ended keeps its time. @returns null for no such key */
  revokeApiKey(userId: UserId, id: ApiKeyId, atMs: number): Promise<ApiKey | null>;
  markApiKeyUsed(id: ApiKeyId, atMs: number): Promise<void>;
}
