import { rule } from './shield.ts';
import { holds, type Permission, scopeFor } from '#shared/identity/permission.ts';
import type { ServiceName, Viewer } from '#shared/identity/viewer.ts';
import { credentialNeeded } from './credential-needed.ts';
import { DomainError, DomainErrorCode } from './domain-error.ts';

interface WithViewer {
  readonly viewer: Viewer;
}

/**
 * Passes viewers whose credential has this permission. What it can be used on is checked in the use
 * case. Rules are never cached: they cost less than a cache key.
 */
export function needs(permission: Permission) {
  const needed = scopeFor(permission);
  return rule(`needs ${permission}`, { cache: 'no_cache' })(
    (_parent, _args, { viewer }: WithViewer) => {
      if (holds(viewer, permission)) return true;
      if (viewer.kind === 'anonymous') return credentialNeeded();
      const message = `This credential lacks the scope ${needed}.`;
      return new DomainError(DomainErrorCode.FORBIDDEN, message, {
        reason: 'SCOPE_MISSING',
        needed,
      });
    },
  );
}

/** Passes any user, signed in or with a key. */
export const isTrader = rule('is a trader', { cache: 'no_cache' })(
  (_parent, _args, { viewer }: WithViewer) => viewer.kind === 'trader' || credentialNeeded(),
);

/** Passes one of the desk's own programs, calling in its own name. */
export function isService(name: ServiceName) {
  return rule(`is the ${name} service`, { cache: 'no_cache' })(
    (_parent, _args, { viewer }: WithViewer) => viewer.kind === 'service' && viewer.name === name,
  );
}
