import {
  parseAccountId,
  parseApiKeyId,
  parseSessionId,
  parseUserId,
  trusted,
} from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type AccountRole, SCOPES, type Scope, type Trader } from '#shared/identity/viewer.ts';

/** The account subgraph's internal field that checks a credential. */
export const AUTHENTICATE = `query Authenticate($credential: CredentialInput!) {
  authenticate(credential: $credential) {
    principal { userId keyId secretId sessionId scopes accounts { accountId role } expiresAt }
    reason checkedAt
  }
}`;

/** The answer of that field. */
export interface AuthenticationAnswer {
  /** Null for an invalid credential. */
  readonly principal: PrincipalAnswer | null;
  /** Why not, if that can be said. */
  readonly reason: string | null;
  /** RFC 3339. */
  readonly checkedAt: string | null;
}

/** The answer for a valid credential. */
export interface PrincipalAnswer {
  readonly userId: string;
  readonly keyId: string | null;
  readonly secretId?: string | null;
  readonly sessionId: string | null;
  readonly scopes: readonly string[];
  readonly accounts: readonly { readonly accountId: string; readonly role: AccountRole }[];
  /** RFC 3339; null if the credential does not end. */
  readonly expiresAt: string | null;
}

/** The viewer that a principal is. Scopes that this gateway does not know grant nothing. */
export function traderOf(principal: PrincipalAnswer): Trader {
  const expiresAt = principal.expiresAt === null ? null : Date.parse(principal.expiresAt);
  invariant(expiresAt === null || !Number.isNaN(expiresAt), 'a credential ends at no time');
  return {
    kind: 'trader',
    userId: trusted(parseUserId, principal.userId),
    credential: credentialOf(principal),
    scopes: principal.scopes.filter(isScope),
    accounts: principal.accounts.map(({ accountId, role }) => ({
      accountId: trusted(parseAccountId, accountId),
      role,
    })),
    expiresAt,
  };
}

function credentialOf({ keyId, secretId, sessionId }: PrincipalAnswer): Trader['credential'] {
  if (keyId !== null) {
    const shown = secretId == null ? {} : { secretId };
    return { kind: 'apiKey', keyId: trusted(parseApiKeyId, keyId), ...shown };
  }
  invariant(sessionId !== null, 'a principal has a key or a session');
  return { kind: 'session', sessionId: trusted(parseSessionId, sessionId) };
}

function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
