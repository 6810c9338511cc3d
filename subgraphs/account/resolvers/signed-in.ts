import { toTimestamp } from '#shared/domain/clock.ts';
import type { SignedIn } from '../identity/sessions/sessions.ts';

/** A session and its tokens, as in the schema. */
export function signedInOf({ session, accessToken, refreshToken, expiresAtMs }: SignedIn) {
  const expiresAt = toTimestamp(expiresAtMs);
  return { __typename: 'SignedIn', session, accessToken, refreshToken, expiresAt } as const;
}
