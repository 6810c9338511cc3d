import type { AccountId, ApiKeyId, UserId } from '#shared/domain/ids.ts';
import type { Scope } from '#shared/identity/viewer.ts';
import type { AuditRecord } from './audit-record.ts';
import type { CreationPageKey } from './creation-page-key.ts';

/** What a key may do, where, and for how long. */
export interface ApiKeySettings {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The accounts it may touch; null for all that its user may. */
  readonly accountIds: readonly AccountId[] | null;
  /** The addresses and blocks it may be used from; empty for anywhere. */
  readonly ipAllowList: readonly string[];
  /** Ed25519, base64url: each request has to be signed with its private half; null for none. */
  readonly publicKey: string | null;
  /** Milliseconds since the epoch; null for a key that does not end by itself. */
  readonly expiresAtMs: number | null;
}

/** A key for a program, without its secret. Times are milliseconds since the epoch. */
export interface ApiKey extends ApiKeySettings {
  readonly id: ApiKeyId;
  readonly userId: UserId;
  readonly createdAtMs: number;
  /** Null while it is good. */
  readonly revokedAtMs: number | null;
  /** Until when the previous secret is valid; null for a key that was never rotated. */
  readonly previousSecretUntilMs: number | null;
  readonly lastUsedAtMs: number | null;
  readonly lastUsedAddress: string | null;
}

/** A key with what its secret is checked against. */
export interface ApiKeyWithHashes extends ApiKey {
  readonly secretHash: string;
  readonly previousSecretHash: string | null;
}

/** The most valid keys of one person: all of them are found and ended in one list. */
export const MAX_VALID_KEYS = 100;

/** The port behind which API keys are kept; each change with its record, or neither. */
export interface ApiKeyStore {
  /**
   * @returns false, and nothing is added, when the person has {@link MAX_VALID_KEYS} valid ones
   * @throws DomainError UNAUTHENTICATED when the record's credential has ended
   */
  add(key: ApiKeyWithHashes, record: AuditRecord): Promise<boolean>;
  key(id: ApiKeyId): Promise<ApiKeyWithHashes | null>;
  /** Those valid at this time first, then those that have ended, each newest first. */
  keysOf(userId: UserId, atMs: number, limit: number): Promise<readonly ApiKey[]>;
  /** Valid and ended ones, newest first. */
  pageOf(userId: UserId, key: CreationPageKey): Promise<readonly ApiKey[]>;
  /**
   * Puts a new secret in the place of this one. @returns null when that is not the secret now
   * @throws DomainError UNAUTHENTICATED when the record's credential has ended
   */
  rotate(
    id: ApiKeyId,
    change: {
      readonly from: string;
      readonly to: string;
      readonly previousSecretUntilMs: number;
    },
    record: AuditRecord,
  ): Promise<ApiKey | null>;
  /**
   * Ends a key of the record's person, at its time; one that has ended keeps its own, and nothing is
   * recorded. @returns null for no such key
   */
  revoke(id: ApiKeyId, record: AuditRecord): Promise<ApiKey | null>;
  markUsed(id: ApiKeyId, atMs: number, address: string | null): Promise<void>;
}
