import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { Trader, Viewer } from '#shared/identity/viewer.ts';

/** The person who asks. @throws DomainError UNAUTHENTICATED when it is no person */
export function traderOf(viewer: Viewer): Trader {
  if (viewer.kind === 'trader') return viewer;
  throw new DomainError(DomainErrorCode.UNAUTHENTICATED, 'This requires a credential.');
}
