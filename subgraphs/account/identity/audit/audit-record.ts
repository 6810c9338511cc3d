import type { ApiKeyId, SessionId, UserId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import type { RightCode } from '../second-factor/right-code.ts';

/** What was done; see `AuditAction` in the schema. */
export type AuditAction =
  | 'SIGNED_UP'
  | 'ISSUER_LINKED'
  | 'SIGNED_IN'
  | 'SIGN_IN_FAILED'
  | 'REFRESH_TOKEN_REUSED'
  | 'SESSION_ENDED'
  | 'ALL_SESSIONS_ENDED'
  | 'PASSWORD_CHANGED'
  | 'PASSWORD_CHANGE_FAILED'
  | 'PASSWORD_RESET'
  | 'API_KEY_CREATED'
  | 'API_KEY_ROTATED'
  | 'API_KEY_UPDATED'
  | 'API_KEY_REVOKED'
  | 'SECOND_FACTOR_ON'
  | 'SECOND_FACTOR_OFF'
  | 'SECOND_FACTOR_FAILED'
  | 'SECOND_FACTOR_RESET'
  | 'RECOVERY_CODE_USED'
  | 'RECOVERY_CODES_RENEWED'
  | 'MEMBER_INVITED'
  | 'INVITATIONS_WITHDRAWN'
  | 'INVITATION_ACCEPTED'
  | 'MEMBER_REMOVED'
  | 'REMOVED_FROM_ACCOUNT'
  | 'ACCOUNT_OPENED'
  | 'ACCOUNT_RENAMED'
  | 'ACCOUNT_FROZEN'
  | 'ACCOUNT_UNFROZEN'
  | 'ACCOUNT_CLOSED'
  | 'WITHDRAWAL_REQUESTED'
  | 'WITHDRAWAL_ADDRESS_ADDED'
  | 'WITHDRAWAL_ADDRESS_REMOVED'
  | 'SAVED_ADDRESSES_ONLY_ON'
  | 'SAVED_ADDRESSES_ONLY_OFF_REQUESTED'
  | 'CORRECTION_REQUESTED';

/** One action in a user's name; never contains a secret. */
export interface AuditRecord {
  /** Whose trail it belongs to. */
  readonly userId: UserId;
  readonly action: AuditAction;
  /** The id of the action's object: a key, a session, a transfer. */
  readonly subjectId: string | null;
  /** The credential that was used; both null for none, as for a failed sign-in. */
  readonly apiKeyId: ApiKeyId | null;
  readonly sessionId: SessionId | null;
  /** Which of the key's secrets was used, which is not recorded; omitted if unknown. */
  readonly secretId?: string | undefined;
  /**
   * The code of the second factor that the action takes. It is used up with the record, and not recorded: storing both
   * throws CodeUsedError if it was used in the meantime. Omitted if the action takes none.
   */
  readonly code?: RightCode | undefined;
  /** Where the request came from; null if unknown. */
  readonly origin: ClientOrigin | null;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** Who acts, with which credential and from where. */
export interface Caller {
  readonly viewer: Trader;
  readonly origin: ClientOrigin | null;
  /** A right code that they showed for what they do, to be used up by that; omitted if it takes none. */
  readonly code?: RightCode | undefined;
}

/** The credential that a caller shows, and from where. */
export function credentialOf({
  viewer: { credential },
  origin,
}: Caller): Pick<AuditRecord, 'apiKeyId' | 'secretId' | 'sessionId' | 'origin'> {
  return {
    origin,
    apiKeyId: credential.kind === 'apiKey' ? credential.keyId : null,
    secretId: credential.kind === 'apiKey' ? credential.secretId : undefined,
    sessionId: credential.kind === 'session' ? credential.sessionId : null,
  };
}

/** What a caller did. */
export function recordBy(
  caller: Caller,
  action: AuditAction,
  subjectId: string | null,
  atMs: number,
): AuditRecord {
  const { userId } = caller.viewer;
  return { userId, action, subjectId, atMs, ...credentialOf(caller), code: caller.code };
}
