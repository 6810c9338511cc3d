import { AddressRanges, isNarrow } from '#shared/identity/address-ranges.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import type { ApiKey, ApiKeySettings } from './api-key-store.ts';
import { parsePublicKey } from './public-key.ts';
import type { CodeRefusal } from '../sign-in/sign-in-code.ts';

/** What is wrong with the input for a key, or with a key that has ended by its own terms. */
export type InvalidKeyInput =
  | 'NAME_INVALID'
  | 'ACCOUNTS_INVALID'
  | 'ADDRESSES_INVALID'
  | 'PUBLIC_KEY_INVALID'
  | 'EXPIRY_PAST'
  | 'EXPIRY_TOO_LATE'
  | 'OVERLAP_INVALID'
  | 'RETRY_KEY_INVALID'
  | 'NOTHING_TO_CHANGE';

/** Why the key was not made. */
export type ApiKeyRefusal =
  | CodeRefusal
  | InvalidKeyInput
  | 'SCOPE_EXCEEDED'
  | 'ACCOUNT_EXCEEDED'
  | 'IP_ALLOW_LIST_EXCEEDED'
  | 'IP_ALLOW_LIST_NEEDED'
  | 'KEY_REVOKED'
  | 'RETRY_KEY_USED'
  | 'TOO_MANY_KEYS';

/** The maker of a key. */
export interface KeyMaker {
  readonly viewer: Trader;
  /** The key that it is made with; null for a user who is signed in. */
  readonly key: ApiKey | null;
}

const MAX_ACCOUNTS = 100;
const MAX_RANGES = 100;
const SECRET_ID_LENGTH = 12;

/**
 * Whether a key with these settings can be given to its maker: a key never grants more than the
 * credential it is made with, in any respect.
 * @returns the first rule that is broken, or null
 */
export function refusalOf(
  settings: ApiKeySettings,
  maker: KeyMaker,
  now: number,
): ApiKeyRefusal | null {
  const { scopes } = settings;
  const invalid = invalidIn(settings, now);
  if (invalid !== null) return invalid;
  if (outlives(settings, maker)) return 'EXPIRY_TOO_LATE';
  if (scopes.some((scope) => !maker.viewer.scopes.includes(scope))) return 'SCOPE_EXCEEDED';
  if (touchesMore(settings, maker)) return 'ACCOUNT_EXCEEDED';
  if (isUsedFromMore(settings, maker)) return 'IP_ALLOW_LIST_EXCEEDED';
  return null;
}

/** Whether a key can be used from an address; an unknown address is in no list. */
export function isUsableFrom(ipAllowList: readonly string[], address: string | null): boolean {
  if (ipAllowList.length === 0) return true;
  // Each alone: one from before the rules were stricter takes nothing from the others.
  const allows = (range: string) => AddressRanges.parse([range])?.includes(address ?? '') === true;
  return ipAllowList.some(allows);
}

/** What identifies a secret among those of its key, and reveals nothing of it. */
export function secretIdOf(secretHash: string): string {
  return secretHash.slice(0, SECRET_ID_LENGTH);
}

/** Whether a key could send money out from anywhere; nobody can make such a key. */
export function lacksAllowList({ scopes, ipAllowList }: ApiKeySettings): boolean {
  return scopes.includes('withdraw:write') && ipAllowList.length === 0;
}

function invalidIn(settings: ApiKeySettings, now: number): InvalidKeyInput | null {
  const { accountIds, ipAllowList, publicKey, expiresAtMs } = settings;
  if (publicKey !== null && parsePublicKey(publicKey) === null) return 'PUBLIC_KEY_INVALID';
  if (expiresAtMs !== null && expiresAtMs <= now) return 'EXPIRY_PAST';
  if (accountIds !== null && (accountIds.length === 0 || accountIds.length > MAX_ACCOUNTS))
    return 'ACCOUNTS_INVALID';
  const isParsed = ipAllowList.length <= MAX_RANGES && AddressRanges.parse(ipAllowList) !== null;
  return isParsed && ipAllowList.every(isNarrow) ? null : 'ADDRESSES_INVALID';
}

/** A key made with a key expires no later; one made by a signed-in user may never expire. */
function outlives({ expiresAtMs }: ApiKeySettings, { viewer, key }: KeyMaker): boolean {
  if (key === null || viewer.expiresAt === null) return false;
  return expiresAtMs === null || expiresAtMs > viewer.expiresAt;
}

/** A nonexistent account is like somebody else's. */
function touchesMore({ accountIds }: ApiKeySettings, { viewer, key }: KeyMaker): boolean {
  if (accountIds === null) return key !== null && key.accountIds !== null;
  return accountIds.some((id) => !viewer.accounts.some(({ accountId }) => accountId === id));
}

function isUsedFromMore({ ipAllowList }: ApiKeySettings, { key }: KeyMaker): boolean {
  if (key === null || key.ipAllowList.length === 0) return false;
  const allowed = AddressRanges.parse(key.ipAllowList);
  return ipAllowList.length === 0 || ipAllowList.some((range) => allowed?.covers(range) !== true);
}
