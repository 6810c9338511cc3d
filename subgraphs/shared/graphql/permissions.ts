import { rule } from './shield.ts';
import { hasScope, type Scope, type ServiceName, type Viewer } from '#shared/identity/viewer.ts';
import { DomainError, DomainErrorCode } from './domain-error.ts';

interface WithViewer {
  readonly viewer: Viewer;
}

/**
 * Passes whoever was given this scope. Ownership of what is asked for is checked in the use case.
 * Rules are never cached: they cost less than a cache key.
 */
export function needsScope(scope: Scope) {
  return rule(`needs ${scope}`, { cache: 'no_cache' })((_parent, _args, { viewer }: WithViewer) => {
    if (hasScope(viewer, scope)) return true;
    if (viewer.kind === 'anonymous') return unauthenticated();
    return new DomainError(DomainErrorCode.FORBIDDEN, `This credential lacks the scope ${scope}.`, {
      reason: 'SCOPE_MISSING',
      needed: scope,
    });
  });
}

/** Passes any person, signed in or acting by a key. */
export const isTrader = rule('is a trader', { cache: 'no_cache' })(
  (_parent, _args, { viewer }: WithViewer) => viewer.kind === 'trader' || unauthenticated(),
);

/** Passes one of the desk's own programs, speaking in its own name. */
export function isService(name: ServiceName) {
  return rule(`is the ${name} service`, { cache: 'no_cache' })(
    (_parent, _args, { viewer }: WithViewer) => viewer.kind === 'service' && viewer.name === name,
  );
}

function unauthenticated(): DomainError {
  return new DomainError(DomainErrorCode.UNAUTHENTICATED, 'A credential is needed for this.');
}
