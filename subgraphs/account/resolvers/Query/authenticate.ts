import { toTimestamp } from '#shared/domain/clock.ts';
import type { CredentialInput, QueryResolvers } from '../../__generated__/graphql.ts';
import type { Credential } from '../../identity/authenticate.ts';
import type { SignatureProof } from '../../identity/api-keys/signed-requests.ts';

export const authenticate: NonNullable<QueryResolvers['authenticate']> = async (
  _parent,
  args,
  context,
) => {
  const credential = parseCredential(args.credential);
  if (credential === null) return { principal: null, reason: null, checkedAt: null };
  const outcome = await context.useCases.authenticate.run(credential);
  const checkedAt = toTimestamp(outcome.checkedAtMs);
  if (outcome.kind === 'refused') return { principal: null, reason: outcome.reason, checkedAt };
  const { userId, keyId, secretId, sessionId, scopes, accounts, expiresAtMs } = outcome.principal;
  const expiresAt = expiresAtMs === null ? null : toTimestamp(expiresAtMs);
  const rights = { scopes: [...scopes], accounts: [...accounts] };
  return {
    principal: { userId, keyId, secretId, sessionId, ...rights, expiresAt },
    reason: null,
    checkedAt,
  };
};

/** Two credentials at once are refused: nobody could say whose request it is. */
function parseCredential(input: CredentialInput): Credential | null {
  const { apiKey, accessToken, address } = input;
  if (apiKey != null && accessToken == null)
    return { kind: 'apiKey', text: apiKey, address: address ?? null, proof: proofOf(input) };
  if (accessToken != null && apiKey == null) return { kind: 'accessToken', text: accessToken };
  return null;
}

function proofOf({ signature, isSignatureChecked }: CredentialInput): SignatureProof {
  if (signature == null) return { kind: isSignatureChecked === true ? 'checkedBefore' : 'none' };
  const receiveWindowMs = signature.receiveWindowMs ?? null;
  return { kind: 'signature', signature: { ...signature, receiveWindowMs } };
}
