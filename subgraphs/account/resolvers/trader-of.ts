import { credentialNeeded } from '#shared/graphql/credential-needed.ts';
import type { Trader, Viewer } from '#shared/identity/viewer.ts';

/** The user who asks. @throws DomainError UNAUTHENTICATED if it is not a user */
export function traderOf(viewer: Viewer): Trader {
  if (viewer.kind === 'trader') return viewer;
  throw credentialNeeded();
}
