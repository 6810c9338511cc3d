import type { AccountId, ApiKeyId, UserId } from '#shared/domain/ids.ts';
import type { Scope } from '#shared/identity/viewer.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import type { CreationPageKey } from '../creation-page-key.ts';
import type { RetryKey } from '../sessions/retry-key.ts';

/** What a key can do, where, and for how long. */
export interface ApiKeySettings {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The accounts it can access; null for all that its user can. */
  readonly accountIds: readonly AccountId[] | null;
  /** The addresses and blocks it can be used from; empty for anywhere. */
  readonly ipAllowList: readonly string[];
  /**
   * Ed25519 public key, base64url: each request must be signed with the private key; null for none.
   */
  readonly publicKey: string | null;
  /** Milliseconds since the epoch; null for a key that does not expire. */
  readonly expiresAtMs: number | null;
}

/** A key for a program, without its secret. Times are milliseconds since the epoch. */
export interface ApiKey extends ApiKeySettings {
  readonly id: ApiKeyId;
  readonly userId: UserId;
  readonly createdAtMs: number;
  /** Null while it is valid. */
  readonly revokedAtMs: number | null;
  /** Until when the previous secret is valid; null for a key that was never rotated. */
  readonly previousSecretUntilMs: number | null;
  readonly lastUsedAtMs: number | null;
  readonly lastUsedAddress: string | null;
}

/** A key with the hashes of its secrets. */
export interface ApiKeyWithHashes extends ApiKey {
  readonly secretHash: string;
  readonly previousSecretHash: string | null;
  /** What the last rotation was sent with; null for none. */
  readonly rotationRetryKey: RetryKey | null;
  /** When the current secret was first used, milliseconds since the epoch; null if it is not known to have been. */
  readonly secretUsedAtMs: number | null;
}

/** A new secret in the place of the current one. */
export interface SecretChange {
  /** The current one. */
  readonly from: string;
  readonly to: string;
  /** The one that remains valid besides, and until when. */
  readonly previousSecretHash: string | null;
  readonly previousSecretUntilMs: number;
  readonly rotationRetryKey: RetryKey | null;
  /** Whether this replaces a secret that may not have arrived: one that was used has. */
  readonly isRepetition: boolean;
}

/** A change of a key; what is null stays as it is. */
export interface ApiKeyChange {
  readonly name: string | null;
  readonly ipAllowList: readonly string[] | null;
}

/** The most valid keys of one user: all of them are found and ended in one list. */
export const MAX_VALID_KEYS = 100;

/**
 * The port for storing API keys; each change is stored with its audit record, or neither is. A `maker`
 * is the key that a change is asked for with, as it was when the rules for that were checked: if it was
 * changed since, that is as if it had ended.
 */
export interface ApiKeyStore {
  /**
   * @returns false, and nothing is added, if the user has {@link MAX_VALID_KEYS} valid ones
   * @throws DomainError UNAUTHENTICATED if the record's credential has ended
   */
  add(key: ApiKeyWithHashes, record: AuditRecord, maker?: ApiKey | null): Promise<boolean>;
  key(id: ApiKeyId): Promise<ApiKeyWithHashes | null>;
  /** Those valid at this time first, then those that have ended, each newest first. */
  keysOf(userId: UserId, atMs: number, limit: number): Promise<readonly ApiKey[]>;
  /** Valid and ended ones, newest first. */
  pageOf(userId: UserId, key: CreationPageKey): Promise<readonly ApiKey[]>;
  /**
   * Replaces this secret with a new one.
   * @returns null if it is not the current secret, or was used and this is a repetition
   * @throws DomainError UNAUTHENTICATED if the record's credential has ended
   */
  rotate(
    id: ApiKeyId,
    change: SecretChange,
    record: AuditRecord,
    maker?: ApiKey | null,
  ): Promise<ApiKey | null>;
  /**
   * Changes a key of the record's user, which keeps its secret.
   * @returns null if it has been revoked
   * @throws DomainError UNAUTHENTICATED if the record's credential has ended
   */
  update(
    id: ApiKeyId,
    change: ApiKeyChange,
    record: AuditRecord,
    maker?: ApiKey | null,
  ): Promise<ApiKey | null>;
  /**
   * Ends a key of the record's user, at its time; one that has ended keeps its own time, and
   * nothing is recorded.
   * @returns null if there is no such key
   */
  revoke(id: ApiKeyId, record: AuditRecord): Promise<ApiKey | null>;
  /** Notes the last use of a key. */
  markUsed(id: ApiKeyId, atMs: number, address: string | null): Promise<void>;
  /** Notes the first use of a secret of a key, if it is still the current one. */
  markSecretUsed(id: ApiKeyId, secretHash: string, atMs: number): Promise<void>;
}
