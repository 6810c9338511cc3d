import type { ApiKeyRefusalReason } from '../__generated__/graphql.ts';

const MESSAGES: Readonly<Record<ApiKeyRefusalReason, string>> = {
  SCOPE_EXCEEDED: 'A key can have only scopes of the credential it is made with.',
  ACCOUNT_EXCEEDED: 'A key can touch only accounts that the credential it is made with may touch.',
  IP_ALLOW_LIST_EXCEEDED:
    'A key can be used only from addresses that the key it is made with may be used from.',
  IP_ALLOW_LIST_NEEDED: 'A key with the scope withdraw:write needs an IP allow-list.',
  TOO_MANY_KEYS: 'You have 100 valid keys; revoke one first.',
  KEY_REVOKED: 'This key is ended; make a new one.',
  INVALID_INPUT:
    'The name must have 1 to 64 characters; accounts and addresses 1 to 100 entries, the latter IP addresses or blocks not wider than /8 (IPv4) or /16 (IPv6); a public key 32 bytes in base64url; the end must lie ahead and not behind the end of the credential the key is made with; an overlap lasts at most seven days.',
};

/** A key that is not made, or gets no new secret. */
export function apiKeyRefused(reason: ApiKeyRefusalReason) {
  return { __typename: 'ApiKeyRefused', reason, message: MESSAGES[reason] } as const;
}

/** A key that is not there, or not the viewer's. */
export function apiKeyNotFound(id: string) {
  return { __typename: 'ApiKeyNotFound', id, message: 'You have no such API key.' } as const;
}
