import type { ApiKeyRefusalReason } from '../__generated__/graphql.ts';
import { CODE_MESSAGES } from './code-refusals.ts';

const MESSAGES: Readonly<Record<ApiKeyRefusalReason, string>> = {
  SCOPE_EXCEEDED: 'A key can only have scopes of the credential used to create it.',
  ACCOUNT_EXCEEDED:
    'A key can only access accounts that the credential used to create it can access.',
  IP_ALLOW_LIST_EXCEEDED:
    'A key can only be used from addresses from which the key used to create it can be used.',
  IP_ALLOW_LIST_NEEDED: 'A key with the scope withdraw:write requires an IP allow-list.',
  TOO_MANY_KEYS: 'You have 100 valid keys; revoke one first.',
  ...CODE_MESSAGES,
  KEY_REVOKED: 'This key has been revoked; create a new one.',
  INVALID_INPUT:
    'A name must have 1 to 64 characters, without control characters; there can be 1 to 100 accounts, and at most 100 IP addresses or blocks, none wider than /8 (IPv4) or /16 (IPv6); a public key must be 32 bytes in base64url; the expiry must be in the future and no later than that of the key used to create this one; an overlap must be between 0 and seven days; a change must give a name or addresses.',
};

/** A key that was not created, rotated or changed. */
export function apiKeyRefused(reason: ApiKeyRefusalReason) {
  return { __typename: 'ApiKeyRefused', reason, message: MESSAGES[reason] } as const;
}

/** A key that does not exist, or is not the viewer's. */
export function apiKeyNotFound(id: string) {
  return { __typename: 'ApiKeyNotFound', id, message: 'You have no such API key.' } as const;
}
