import type { AccountId, ApiKeyId, SessionId, UserId } from '#shared/domain/ids.ts';

/** What a credential can do. A new API key only reads. */
export const SCOPES = [
  'market:read',
  'account:read',
  'trade:read',
  'trade:write',
  'rfq:write',
  'rfq:stream',
  'transfer:write',
  'withdraw:write',
  'keys:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What a user can do with an account, from everything to reading. */
export type AccountRole = 'OWNER' | 'TRADER' | 'VIEWER';

/** The programs of the desk that call each other. */
export type ServiceName = 'gateway' | 'account' | 'market-data' | 'order';

/** An account that the viewer can access, and the role on it. */
export interface AccountGrant {
  readonly accountId: AccountId;
  readonly role: AccountRole;
}

/** Without a credential: can do what the configuration opens to everybody. */
export interface Anonymous {
  readonly kind: 'anonymous';
  readonly scopes: readonly Scope[];
}

/** A user, signed in or with an API key. */
export interface Trader {
  readonly kind: 'trader';
  readonly userId: UserId;
  readonly credential:
    | {
        readonly kind: 'apiKey';
        readonly keyId: ApiKeyId;
        /** Which of the key's secrets was shown: the beginning of its hash. Unknown if omitted. */
        readonly secretId?: string;
      }
    | { readonly kind: 'session'; readonly sessionId: SessionId };
  readonly scopes: readonly Scope[];
  readonly accounts: readonly AccountGrant[];
  /** When the credential itself ends, milliseconds since the epoch; null if it does not. */
  readonly expiresAt: number | null;
}

/** One of the desk's own programs, calling in its own name. */
export interface Service {
  readonly kind: 'service';
  readonly name: ServiceName;
}

/** Who asks. The gateway finds out; a subgraph accepts what the passport says. */
export type Viewer = Anonymous | Trader | Service;

/** The viewer's role on an account; null for someone else's account and for a nonexistent one. */
export function roleOn(viewer: Viewer, accountId: AccountId): AccountRole | null {
  if (viewer.kind !== 'trader') return null;
  return viewer.accounts.find((grant) => grant.accountId === accountId)?.role ?? null;
}
