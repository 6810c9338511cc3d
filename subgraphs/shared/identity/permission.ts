import type { AccountId } from '#shared/domain/ids.ts';
import { type AccountRole, roleOn, type Scope, type Viewer } from './viewer.ts';

interface Rule {
  /** The scope that the credential needs; null if any credential will do. */
  readonly scope: Scope | null;
  /** The roles on the account that allow it; null if no account is concerned. */
  readonly roles: readonly AccountRole[] | null;
}

const EVERYBODY: readonly AccountRole[] = ['OWNER', 'TRADER', 'VIEWER'];
const TRADERS: readonly AccountRole[] = ['OWNER', 'TRADER'];

/** Every permission and what it requires: the one table of rights. */
export const PERMISSIONS = {
  READ_MARKET: { scope: 'market:read', roles: null },
  /** Seeing that an account exists: anyone who can do anything with it must know its id. */
  SEE_ACCOUNT: { scope: null, roles: EVERYBODY },
  READ_ACCOUNT: { scope: 'account:read', roles: EVERYBODY },
  READ_TRADES: { scope: 'trade:read', roles: EVERYBODY },
  TRADE: { scope: 'trade:write', roles: TRADERS },
  REQUEST_QUOTES: { scope: 'rfq:write', roles: TRADERS },
  STREAM_PRICES: { scope: 'rfq:stream', roles: TRADERS },
  /** Money into an account: a deposit, or a transfer from one whose owner the user is. */
  BRING_MONEY: { scope: 'transfer:write', roles: TRADERS },
  /** Money out of an account, to another one or to the outside: a trader could take all of it. */
  TRANSFER_MONEY: { scope: 'transfer:write', roles: ['OWNER'] },
  SEND_MONEY_OUT: { scope: 'withdraw:write', roles: ['OWNER'] },
  /** On the house account: its owners act for the desk. */
  CORRECT_LEDGER: { scope: 'withdraw:write', roles: ['OWNER'] },
  FREEZE_ACCOUNTS: { scope: 'withdraw:write', roles: ['OWNER'] },
  NAME_ACCOUNTS: { scope: 'keys:write', roles: ['OWNER'] },
  CLOSE_ACCOUNTS: { scope: 'keys:write', roles: ['OWNER'] },
  MANAGE_MEMBERS: { scope: 'keys:write', roles: ['OWNER'] },
  MANAGE_CREDENTIALS: { scope: 'keys:write', roles: null },
  /** Further accounts of one's own. */
  OPEN_ACCOUNTS: { scope: 'keys:write', roles: null },
} as const satisfies Readonly<Record<string, Rule>>;
/** Any of them. */
export type Permission = keyof typeof PERMISSIONS;

/** The scope that a permission requires; null if any credential will do. */
export function scopeFor(permission: Permission): Scope | null {
  return PERMISSIONS[permission].scope;
}

/** The roles on the account that allow it; none if no account is concerned. */
export function rolesFor(permission: Permission): readonly AccountRole[] {
  return PERMISSIONS[permission].roles ?? [];
}

/**
 * Whether the viewer's credential has this permission, on whatever account. Services need none:
 * what they can do is named individually, and they can read market data.
 */
export function holds(viewer: Viewer, permission: Permission): boolean {
  if (viewer.kind === 'service') return permission === 'READ_MARKET';
  const scope = scopeFor(permission);
  return scope === null || viewer.scopes.includes(scope);
}

/**
 * Whether the viewer has this permission on this account: by the credential's scope and the user's
 * role. A nonexistent account is like someone else's.
 */
export function may(viewer: Viewer, permission: Permission, accountId: AccountId): boolean {
  const role = roleOn(viewer, accountId);
  return role !== null && rolesFor(permission).includes(role) && holds(viewer, permission);
}
