import type { AccountId, ApiKeyId, SessionId, UserId } from '#shared/domain/ids.ts';

/** What a credential may do. A new API key reads only. */
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

/** What a user may do with an account, from all of it to looking at it. */
export type AccountRole = 'OWNER' | 'TRADER' | 'VIEWER';

/** The programs of the desk that call each other. */
export type ServiceName = 'gateway' | 'account' | 'market-data' | 'order';

/** An account that the viewer may touch, and as what. */
export interface AccountGrant {
  readonly accountId: AccountId;
  readonly role: AccountRole;
}

/** Nobody known: may do what the configuration opens to all. */
export interface Anonymous {
  readonly kind: 'anonymous';
  readonly scopes: readonly Scope[];
}

/** A person, signed in or acting through an API key. */
export interface Trader {
  readonly kind: 'trader';
  readonly userId: UserId;
  readonly credential:
    | { readonly kind: 'apiKey'; readonly keyId: ApiKeyId }
    | { readonly kind: 'session'; readonly sessionId: SessionId };
  readonly scopes: readonly Scope[];
  readonly accounts: readonly AccountGrant[];
  /** When the credential itself ends, milliseconds since the epoch; null when it does not. */
  readonly expiresAt: number | null;
}

/** One of the desk's own programs, calling in its own name. */
export interface Service {
  readonly kind: 'service';
  readonly name: ServiceName;
}

/** Who asks. The gateway finds out; a subgraph believes what the passport says. */
export type Viewer = Anonymous | Trader | Service;

/** The viewer's role on an account, or null: for someone else's account as for one that is not there. */
export function roleOn(viewer: Viewer, accountId: AccountId): AccountRole | null {
  if (viewer.kind !== 'trader') return null;
  return viewer.accounts.find((grant) => grant.accountId === accountId)?.role ?? null;
}
