import type {
  AccountId,
  ApiKeyId,
  SessionId,
  UserId,
  WithdrawalAddressId,
} from '#shared/domain/ids.ts';
import type { RetryKey } from './sessions/retry-key.ts';

/** A new key as it is shown once, and what is kept of it. */
interface NewApiKeySecret {
  readonly id: ApiKeyId;
  /** The whole key, as the client sends it. */
  readonly text: string;
  readonly secretHash: string;
}

/** The port for the form and the hashing of API keys. */
export interface ApiKeySecrets {
  /** @param id of a key that gets a new secret; a new id if omitted */
  make(id?: ApiKeyId): NewApiKeySecret;
  /** Parses a key's text; null if it cannot be one of ours (form or checksum). */
  parse(text: string): { readonly id: ApiKeyId; readonly secretHash: string } | null;
  /** Whether the hashes are equal, in constant time; a null one costs the same and never is. */
  matches(secretHash: string, stored: string | null): boolean;
}

/** A refresh token as it is shown once, and what is kept of it. */
interface NewRefreshToken {
  readonly text: string;
  readonly familyHash: string;
  readonly tokenHash: string;
}

/** A well-formed refresh token that a client sent. */
export interface ShownRefreshToken {
  readonly sessionId: SessionId;
  readonly familyHash: string;
  readonly tokenHash: string;
  /**
   * Makes the next token of the same family. With a retry key it is always the same one, which only the desk can make,
   * and only with this token and the key.
   */
  next(retryKey?: RetryKey | null): NewRefreshToken;
}

/** The port for the form and the hashing of refresh tokens. */
export interface RefreshTokenSecrets {
  /** The first token of a session's family. */
  make(sessionId: SessionId): NewRefreshToken;
  /** Parses a token's text; null if it cannot be one of ours (form or checksum). */
  parse(text: string): ShownRefreshToken | null;
  /** Whether the hashes are equal, in constant time; a null one costs the same and never is. */
  matches(hash: string, stored: string | null): boolean;
}

/** The result of checking a password; `busy` if too many wait already. */
export type PasswordVerdict = 'right' | 'wrong' | 'busy';

/** Where a password is shown. */
export interface HashingPlace {
  /** In the form of `networkOf`. */
  readonly network: string;
  /** Whether a user is known there. */
  readonly isKnown: boolean;
}

/**
 * The port for password hashing: slow by design, so only few at once. A network where a user is known goes first with
 * one hash at a time; what else it asks for waits among those of strangers, and otherwise a single user who signs in
 * over and over would keep everybody else from it. If too many known networks wait, those go first for which nothing was
 * hashed for longest: such a user may be known on many networks.
 */
export interface PasswordHasher {
  /**
   * Whether too many wait, so that the next caller is turned away.
   * @param place that of the caller; null for a stranger
   */
  isFull(place: HashingPlace | null): boolean;
  /** Null if too many wait. @param place see {@link PasswordHasher.isFull}; a stranger if omitted */
  hash(password: string, place?: HashingPlace | null): Promise<string | null>;
  /** A null hash (an unknown user, or one without a password) costs the same and is always wrong. */
  verify(
    password: string,
    stored: string | null,
    place: HashingPlace | null,
  ): Promise<PasswordVerdict>;
  /** Ends its idle processes; call it when nothing is hashed any more. */
  close(): void;
}

/** The port for access tokens, which are signed and short-lived. */
export interface AccessTokens {
  issue(
    claims: { readonly userId: UserId; readonly sessionId: SessionId },
    atMs: number,
  ): Promise<{ readonly token: string; readonly expiresAtMs: number }>;
  /** Null for a token that is not ours, or no longer valid. */
  verify(
    token: string,
    atMs: number,
  ): Promise<{
    readonly userId: UserId;
    readonly sessionId: SessionId;
    readonly expiresAtMs: number;
  } | null>;
}

/** The port for new ids that nobody can guess. */
export interface NewIds {
  userId(): UserId;
  sessionId(): SessionId;
  accountId(): AccountId;
  withdrawalAddressId(): WithdrawalAddressId;
}
