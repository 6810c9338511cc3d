import { credentialNeeded } from '#shared/graphql/credential-needed.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { AccessRule } from '../supergraph/access-rules.ts';
import { type GuardedOperation, guardedParts } from './guarded-parts.ts';

/** An operation that is about to run, and its viewer. */
export interface AuthorizedOperation extends GuardedOperation {
  readonly viewer: Viewer;
}

/**
 * Checks whether a viewer may ask for everything in an operation, by the supergraph's own rules. An
 * operation is refused as a whole, so nothing of a mutation happens if its answer may not be read.
 * @returns why not; null if it may
 */
export function refusalOfAccess(authorized: AuthorizedOperation): DomainError | null {
  const { rules, viewer } = authorized;
  for (const coordinate of guardedParts(authorized)) {
    const rule = rules.get(coordinate);
    const refusal = rule === undefined ? null : refusalBy(rule, viewer, coordinate);
    if (refusal !== null) return refusal;
  }
  return null;
}

function refusalBy(rule: AccessRule, viewer: Viewer, coordinate: string): DomainError | null {
  const scopes: readonly string[] = viewer.kind === 'service' ? [] : viewer.scopes;
  const isKnown = viewer.kind === 'trader' || !rule.isAuthenticated;
  const isInScope =
    rule.scopes === null || rule.scopes.some((set) => set.every((scope) => scopes.includes(scope)));
  if (isKnown && isInScope) return null;
  if (viewer.kind !== 'trader') return credentialNeeded({ coordinate, http: { status: 401 } });
  const lacking = (set: readonly string[]) => set.filter((scope) => !scopes.includes(scope));
  const needed = (rule.scopes ?? []).map((set) => lacking(set).join(' and ')).join(', or ');
  return new DomainError(DomainErrorCode.FORBIDDEN, `This credential lacks the scope ${needed}.`, {
    reason: 'SCOPE_MISSING',
    needed,
    coordinate,
    http: { status: 403 },
  });
}
