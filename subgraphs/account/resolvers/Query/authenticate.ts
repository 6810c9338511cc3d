import { toTimestamp } from '#shared/domain/clock.ts';
import type { CredentialInput, QueryResolvers } from '../../__generated__/graphql.ts';
import type { Credential } from '../../identity/authenticate.ts';

export const authenticate: NonNullable<QueryResolvers['authenticate']> = async (
  _parent,
  args,
  context,
) => {
  const credential = parseCredential(args.credential);
  if (credential === null) return null;
  const principal = await context.useCases.authenticate.run(credential);
  if (principal === null) return null;
  const { userId, keyId, sessionId, scopes, accounts, expiresAtMs } = principal;
  const expiresAt = expiresAtMs === null ? null : toTimestamp(expiresAtMs);
  return { userId, keyId, sessionId, scopes: [...scopes], accounts: [...accounts], expiresAt };
};

/** Two credentials at once are none: nobody could say whose request it is. */
function parseCredential({ apiKey, accessToken }: CredentialInput): Credential | null {
  if (apiKey != null && accessToken == null) return { kind: 'apiKey', text: apiKey };
  if (accessToken != null && apiKey == null) return { kind: 'accessToken', text: accessToken };
  return null;
}
