import { toTimestamp } from '#shared/domain/clock.ts';
import type { SignedIn } from '../identity/sessions.ts';

/** A sign-in and its tokens, as the schema has them. */
export function signedInOf({ session, accessToken, refreshToken, expiresAtMs }: SignedIn) {
  const expiresAt = toTimestamp(expiresAtMs);
  return { __typename: 'SignedIn', session, accessToken, refreshToken, expiresAt } as const;
}
