import { toTimestamp } from '#shared/domain/clock.ts';
import type { CredentialInput, QueryResolvers } from '../../__generated__/graphql.ts';
import type { Credential } from '../../identity/authenticate.ts';

export const authenticate: NonNullable<QueryResolvers['authenticate']> = async (
  _parent,
  args,
  context,
) => {
  const credential = parseCredential(args.credential);
  if (credential === null) return { principal: null, reason: null };
  const outcome = await context.useCases.authenticate.run(credential);
  if (outcome.kind === 'refused') return { principal: null, reason: outcome.reason };
  const { userId, keyId, sessionId, scopes, accounts, expiresAtMs } = outcome.principal;
  const expiresAt = expiresAtMs === null ? null : toTimestamp(expiresAtMs);
  const rights = { scopes: [...scopes], accounts: [...accounts] };
  return { principal: { userId, keyId, sessionId, ...rights, expiresAt }, reason: null };
};

/** Two credentials at once are none: nobody could say whose request it is. */
function parseCredential({ apiKey, accessToken, address }: CredentialInput): Credential | null {
  if (apiKey != null && accessToken == null)
    return { kind: 'apiKey', text: apiKey, address: address ?? null };
  if (accessToken != null && apiKey == null) return { kind: 'accessToken', text: accessToken };
  return null;
}
