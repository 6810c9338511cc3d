import type { ApiKeyId, SessionId, UserId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { Trader } from '#shared/identity/viewer.ts';

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
  | 'API_KEY_REVOKED'
  | 'SECOND_FACTOR_ON'
  | 'SECOND_FACTOR_OFF'
  | 'RECOVERY_CODE_USED'
  | 'RECOVERY_CODES_RENEWED'
  | 'MEMBER_INVITED'
  | 'INVITATION_ACCEPTED'
  | 'MEMBER_REMOVED'
  | 'REMOVED_FROM_ACCOUNT'
  | 'ACCOUNT_OPENED'
  | 'ACCOUNT_RENAMED'
  | 'ACCOUNT_FROZEN'
  | 'ACCOUNT_UNFROZEN'
  | 'WITHDRAWAL_REQUESTED'
  | 'CORRECTION_REQUESTED';

/** One thing that somebody did in a person's name; never a secret in it. */
export interface AuditRecord {
  /** Whose trail it belongs to. */
  readonly userId: UserId;
  readonly action: AuditAction;
  /** The id of what it was done to: a key, a sign-in, a transfer. */
  readonly subjectId: string | null;
  /** What it was done with; both null for nothing, as when signing in failed. */
  readonly apiKeyId: ApiKeyId | null;
  readonly sessionId: SessionId | null;
  /** From where; null if that is not known. */
  readonly origin: ClientOrigin | null;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** Who does something, by what credential and from where. */
export interface Caller {
  readonly viewer: Trader;
  readonly origin: ClientOrigin | null;
}

/** What a caller did. */
export function recordBy(
  { viewer, origin }: Caller,
  action: AuditAction,
  subjectId: string | null,
  atMs: number,
): AuditRecord {
  const { userId, credential } = viewer;
  return {
    userId,
    action,
    subjectId,
    origin,
    atMs,
    apiKeyId: credential.kind === 'apiKey' ? credential.keyId : null,
    sessionId: credential.kind === 'session' ? credential.sessionId : null,
  };
}
