import type { ApiKeyRefusal, InvalidKeyInput } from '../identity/api-keys/api-key-rules.ts';
import { RETRY_KEY_RULE } from '../identity/sessions/retry-key.ts';
import { CODE_MESSAGES } from './code-refusals.ts';

/** All of them are INVALID_INPUT; the message says which one it is. */
const INVALID: Readonly<Record<InvalidKeyInput, string>> = {
  NAME_INVALID: 'A name must have 1 to 64 characters, without control characters.',
  ACCOUNTS_INVALID: 'There can be 1 to 100 accounts; omit them for all that you can access.',
  ADDRESSES_INVALID:
    'There can be at most 100 IP addresses or CIDR blocks, none wider than /8 (IPv4) or /16 (IPv6).',
  PUBLIC_KEY_INVALID:
    'A public key must be an Ed25519 key, 32 bytes in base64url without padding: 43 characters.',
  EXPIRY_PAST:
    'The expiry must be in the future; a key that has expired cannot be rotated or changed.',
  EXPIRY_TOO_LATE:
    'The key cannot expire later than the key used to create, rotate or change it, which expires.',
  OVERLAP_INVALID: 'The overlap must be from 0 to 604800 seconds, which are seven days.',
  RETRY_KEY_INVALID: RETRY_KEY_RULE,
  NOTHING_TO_CHANGE: 'Give a name, addresses, or both to change.',
};

const MESSAGES: Readonly<Record<Exclude<ApiKeyRefusal, InvalidKeyInput>, string>> = {
  SCOPE_EXCEEDED: 'A key can only have scopes of the credential used to create it.',
  ACCOUNT_EXCEEDED:
    'A key can only access accounts that the credential used to create it can access.',
  IP_ALLOW_LIST_EXCEEDED:
    'A key can only be used from addresses from which the key used to create it can be used.',
  IP_ALLOW_LIST_NEEDED: 'A key with the scope withdraw:write requires an IP allow-list.',
  TOO_MANY_KEYS: 'You have 100 valid keys; revoke one first.',
  ...CODE_MESSAGES,
  KEY_REVOKED: 'This key has been revoked; create a new one.',
  RETRY_KEY_USED:
    'The last rotation had this retryKey, and its secret is in use; choose a new one for each rotation.',
};

/** A key that was not created, rotated or changed. */
export function apiKeyRefused(refusal: ApiKeyRefusal) {
  return isInvalid(refusal)
    ? ({ __typename: 'ApiKeyRefused', reason: 'INVALID_INPUT', message: INVALID[refusal] } as const)
    : ({ __typename: 'ApiKeyRefused', reason: refusal, message: MESSAGES[refusal] } as const);
}

function isInvalid(refusal: ApiKeyRefusal): refusal is InvalidKeyInput {
  return Object.hasOwn(INVALID, refusal);
}

/** A key that does not exist, or is not the viewer's. */
export function apiKeyNotFound(id: string) {
  return { __typename: 'ApiKeyNotFound', id, message: 'You have no such API key.' } as const;
}
