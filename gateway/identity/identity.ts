import type { Viewer } from '#shared/identity/viewer.ts';
import type { Credential } from './credential.ts';

/** Who a long-lived connection belongs to, and the credential it showed. */
export interface Identity {
  readonly credential: Credential;
  readonly viewer: Viewer;
}

/**
 * Whether two viewers are the same principal with the same rights; their expiry does not matter.
 */
export function isSamePrincipal(one: Viewer, other: Viewer): boolean {
  if (one.kind !== 'trader' || other.kind !== 'trader') return one.kind === other.kind;
  return (
    one.userId === other.userId &&
    hasEqualEntries(Object.values(one.credential), Object.values(other.credential)) &&
    hasEqualEntries(one.scopes, other.scopes) &&
    hasEqualEntries(
      one.accounts.map(({ accountId, role }) => `${role} ${accountId}`),
      other.accounts.map(({ accountId, role }) => `${role} ${accountId}`),
    )
  );
}

function hasEqualEntries(one: readonly string[], other: readonly string[]): boolean {
  const entries = new Set(one);
  return entries.size === new Set(other).size && other.every((entry) => entries.has(entry));
}
