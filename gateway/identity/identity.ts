import type { AccountGrant, Viewer } from '#shared/identity/viewer.ts';
import type { Credential } from './credential.ts';

/** Who a long-lived connection belongs to, and the credential it showed. */
export interface Identity {
  readonly credential: Credential;
  readonly viewer: Viewer;
}

/**
 * Whether a viewer is the same principal as before, with the same scopes and all of its roles; it may have gained
 * accounts. The expiry of both does not matter.
 */
export function keepsItsRights(viewer: Viewer, before: Viewer): boolean {
  if (viewer.kind !== 'trader' || before.kind !== 'trader') return viewer.kind === before.kind;
  const roles = new Set(viewer.accounts.map(roleText));
  return (
    viewer.userId === before.userId &&
    hasEqualEntries(Object.values(viewer.credential), Object.values(before.credential)) &&
    hasEqualEntries(viewer.scopes, before.scopes) &&
    before.accounts.every((grant) => roles.has(roleText(grant)))
  );
}

function roleText({ accountId, role }: AccountGrant): string {
  return `${role} ${accountId}`;
}

function hasEqualEntries(one: readonly string[], other: readonly string[]): boolean {
  const entries = new Set(one);
  return entries.size === new Set(other).size && other.every((entry) => entries.has(entry));
}
