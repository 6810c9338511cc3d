import { type Clock, DAY_MS } from '#shared/domain/clock.ts';
import type { ApiKeyId, UserId } from '#shared/domain/ids.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import { type Caller, recordBy } from '../audit/audit-record.ts';
import {
  type ApiKeyRefusal,
  type InvalidKeyInput,
  type KeyMaker,
  lacksAllowList,
  refusalOf,
} from './api-key-rules.ts';
import {
  type ApiKey,
  type ApiKeyChange,
  type ApiKeySettings,
  type ApiKeyStore,
  type ApiKeyWithHashes,
  MAX_VALID_KEYS,
  type SecretChange,
} from './api-key-store.ts';
import type { CreationPageKey } from '../creation-page-key.ts';
import type { ApiKeySecrets } from '../credentials.ts';
import { parseDisplayName } from '../display-name.ts';
import { parseRetryKey, type RetryKey } from '../sessions/retry-key.ts';
import type { SessionCode } from '../second-factor/session-code.ts';

/** A key with its new secret, which cannot be retrieved later, or why there is none. */
export type KeySecretOutcome =
  | { readonly kind: 'secret'; readonly apiKey: ApiKey; readonly secret: string }
  | { readonly kind: 'refused'; readonly reason: ApiKeyRefusal };

/** A key that was changed, or why it was not. */
type KeyUpdateOutcome =
  | { readonly kind: 'updated'; readonly apiKey: ApiKey }
  | { readonly kind: 'refused'; readonly reason: ApiKeyRefusal };

/** A user's request; what is omitted is as in the credential the key is made with. */
export type NewApiKey = Omit<ApiKeySettings, 'ipAllowList'> & {
  readonly ipAllowList: readonly string[] | null;
  /** Of the second factor; null if none is given. */
  readonly code: string | null;
};

/** How a key gets a new secret. */
interface KeyRotation {
  /** How long the current secret remains valid. */
  readonly overlapMs: number;
  /** Of the second factor; null if none is given. */
  readonly code: string | null;
  /** Chosen by the client for this rotation, so that it can be repeated; null for none. */
  readonly retryKey: string | null;
}

/** A rotation whose retry key is sound. */
type SoundRotation = Omit<KeyRotation, 'retryKey'> & {
  readonly retryKey: RetryKey | null;
};

const MAX_OVERLAP_MS = 7 * DAY_MS;

/**
 * Makes, changes, rotates and revokes a user's API keys. A key never grants more than the credential it is
 * made with.
 */
export class ManageApiKeys {
  readonly #keys: ApiKeyStore;
  readonly #secrets: ApiKeySecrets;
  readonly #code: Pick<SessionCode, 'guard'>;
  readonly #clock: Clock;

  constructor(options: {
    readonly keys: ApiKeyStore;
    readonly secrets: ApiKeySecrets;
    readonly code: Pick<SessionCode, 'guard'>;
    readonly clock: Clock;
  }) {
    this.#keys = options.keys;
    this.#secrets = options.secrets;
    this.#code = options.code;
    this.#clock = options.clock;
  }

  /** A key of any user. */
  key(id: ApiKeyId): Promise<ApiKey | null> {
    return this.#keys.key(id);
  }

  /** A user's keys, all valid ones first, then those that have ended, each newest first. */
  keysOf(userId: UserId): Promise<readonly ApiKey[]> {
    return this.#keys.keysOf(userId, this.#clock.now(), MAX_VALID_KEYS);
  }

  /** All of a user's keys, valid and ended, in pages. */
  pageOf(userId: UserId, key: CreationPageKey): Promise<readonly ApiKey[]> {
    return this.#keys.pageOf(userId, key);
  }

  async create(caller: Caller, input: NewApiKey): Promise<KeySecretOutcome> {
    const { viewer } = caller;
    const now = this.#clock.now();
    const name = parseDisplayName(input.name);
    if (name === null) return { kind: 'refused', reason: 'NAME_INVALID' };
    const maker = await this.#makerOf(viewer);
    const settings: ApiKeySettings = {
      name,
      scopes: [...new Set(input.scopes)],
      accountIds: input.accountIds ?? maker.key?.accountIds ?? null,
      ipAllowList: input.ipAllowList ?? maker.key?.ipAllowList ?? [],
      publicKey: input.publicKey ?? maker.key?.publicKey ?? null,
      expiresAtMs: input.expiresAtMs,
    };
    const reason = refusalOf(settings, maker, now);
    if (reason !== null) return { kind: 'refused', reason };
    if (lacksAllowList(settings)) return { kind: 'refused', reason: 'IP_ALLOW_LIST_NEEDED' };
    const { id, text, secretHash } = this.#secrets.make();
    const apiKey: ApiKey = {
      ...settings,
      id,
      userId: viewer.userId,
      createdAtMs: now,
      revokedAtMs: null,
      previousSecretUntilMs: null,
      lastUsedAtMs: null,
      lastUsedAddress: null,
    };
    const added: ApiKeyWithHashes = {
      ...apiKey,
      secretHash,
      previousSecretHash: null,
      rotationRetryKey: null,
      secretUsedAtMs: null,
    };
    const isAdded = await this.#code.guard(caller, input.code, (proven) =>
      this.#keys.add(added, recordBy(proven, 'API_KEY_CREATED', id, now), maker.key),
    );
    if (typeof isAdded === 'object') return isAdded;
    if (!isAdded) return { kind: 'refused', reason: 'TOO_MANY_KEYS' };
    return { kind: 'secret', apiKey, secret: text };
  }

  /**
   * Gives a key of this user a new secret. The current secret stays valid during the overlap; an
   * older one ends now. A repetition with the retry key of the last rotation, during its overlap, replaces the secret
   * which that gave, and which may not have arrived: the one before it stays valid. A secret that was used has arrived,
   * so its retry key is refused: a client that sends the same one each time would end what its programs use.
   * @returns null if the caller has no such key
   */
  async rotate(
    caller: Caller,
    id: ApiKeyId,
    { overlapMs, code, retryKey: retryText }: KeyRotation,
  ): Promise<KeySecretOutcome | null> {
    const retryKey = retryText === null ? null : parseRetryKey(retryText);
    const isSound = overlapMs >= 0 && overlapMs <= MAX_OVERLAP_MS;
    if (isSound && (retryKey !== null || retryText === null))
      return this.#rotate(caller, id, { overlapMs, retryKey, code });
    const key = await this.#keys.key(id);
    if (key?.userId !== caller.viewer.userId) return null;
    return { kind: 'refused', reason: isSound ? 'RETRY_KEY_INVALID' : 'OVERLAP_INVALID' };
  }

  async #rotate(
    caller: Caller,
    id: ApiKeyId,
    rotation: SoundRotation,
  ): Promise<KeySecretOutcome | null> {
    const { viewer } = caller;
    const now = this.#clock.now();
    const key = await this.#keys.key(id);
    if (key === null || key.userId !== viewer.userId) return null;
    if (key.revokedAtMs !== null) return { kind: 'refused', reason: 'KEY_REVOKED' };
    // Whoever gets its secret can do what it can: the rules are those of a new key.
    const maker = await this.#makerOf(viewer);
    const reason = refusalOf(key, maker, now);
    if (reason !== null) return { kind: 'refused', reason };
    const isRepetition = repeats(key, rotation, now);
    if (isRepetition && key.secretUsedAtMs !== null)
      return { kind: 'refused', reason: 'RETRY_KEY_USED' };
    const { text, secretHash } = this.#secrets.make(id);
    const change = { ...secretsAfter(key, rotation, { isRepetition, now }), to: secretHash };
    const rotated = await this.#code.guard(caller, rotation.code, (proven) =>
      this.#keys.rotate(id, change, recordBy(proven, 'API_KEY_ROTATED', id, now), maker.key),
    );
    // Another request was faster: check the key as it is now.
    if (rotated === null) return this.#rotate(caller, id, rotation);
    if ('kind' in rotated) return rotated;
    return { kind: 'secret', apiKey: rotated, secret: text };
  }

  /**
   * Changes the name or the addresses of a key of this user, which keeps its secret.
   * @returns null if the caller has no such key
   */
  async update(
    caller: Caller,
    id: ApiKeyId,
    { name, ipAllowList, code }: ApiKeyChange & { readonly code: string | null },
  ): Promise<KeyUpdateOutcome | null> {
    const { viewer } = caller;
    const now = this.#clock.now();
    const key = await this.#keys.key(id);
    if (key === null || key.userId !== viewer.userId) return null;
    const shown = name === null ? null : parseDisplayName(name);
    const invalid = invalidIn({ name, ipAllowList }, shown);
    if (invalid !== null) return { kind: 'refused', reason: invalid };
    if (key.revokedAtMs !== null) return { kind: 'refused', reason: 'KEY_REVOKED' };
    const settings = { ...key, ipAllowList: ipAllowList ?? key.ipAllowList };
    const maker = await this.#makerOf(viewer);
    // Its accounts do not change, and a signed-in user may have lost one of them in the meantime.
    const checked = maker.key === null ? { ...settings, accountIds: null } : settings;
    const reason = refusalOf(checked, maker, now);
    if (reason !== null) return { kind: 'refused', reason };
    if (ipAllowList !== null && lacksAllowList(settings))
      return { kind: 'refused', reason: 'IP_ALLOW_LIST_NEEDED' };
    const change = { name: shown, ipAllowList };
    const store = (by: Caller) =>
      this.#keys.update(id, change, recordBy(by, 'API_KEY_UPDATED', id, now), maker.key);
    // A name grants nothing.
    const apiKey = await (ipAllowList === null
      ? store(caller)
      : this.#code.guard(caller, code, store));
    if (apiKey !== null && 'kind' in apiKey) return apiKey;
    // It was revoked in the meantime.
    if (apiKey === null) return { kind: 'refused', reason: 'KEY_REVOKED' };
    return { kind: 'updated', apiKey };
  }

  /** @returns null if the caller has no such key */
  revoke(caller: Caller, id: ApiKeyId): Promise<ApiKey | null> {
    return this.#keys.revoke(id, recordBy(caller, 'API_KEY_REVOKED', id, this.#clock.now()));
  }

  async #makerOf(viewer: Trader): Promise<KeyMaker> {
    const { credential } = viewer;
    const key = credential.kind === 'apiKey' ? await this.#keys.key(credential.keyId) : null;
    return { viewer, key };
  }
}

/** What is wrong with a change before it is compared with the key. @param shown the new name, if it can be one */
function invalidIn(
  { name, ipAllowList }: ApiKeyChange,
  shown: string | null,
): InvalidKeyInput | null {
  if (name === null) return ipAllowList === null ? 'NOTHING_TO_CHANGE' : null;
  return shown === null ? 'NAME_INVALID' : null;
}

/** Whether a rotation has the retry key of the last one, whose overlap goes on. */
function repeats(
  { rotationRetryKey, previousSecretUntilMs }: ApiKeyWithHashes,
  { retryKey }: SoundRotation,
  now: number,
): boolean {
  const isOverlapping = previousSecretUntilMs !== null && previousSecretUntilMs > now;
  return retryKey !== null && retryKey === rotationRetryKey && isOverlapping;
}

function secretsAfter(
  key: ApiKeyWithHashes,
  { overlapMs, retryKey }: SoundRotation,
  { isRepetition, now }: { readonly isRepetition: boolean; readonly now: number },
): Omit<SecretChange, 'to'> {
  const { secretHash: from, previousSecretHash, previousSecretUntilMs } = key;
  const change = { from, rotationRetryKey: retryKey, isRepetition };
  const untilMs = now + overlapMs;
  if (!isRepetition) return { ...change, previousSecretHash: from, previousSecretUntilMs: untilMs };
  // A repetition can shorten the overlap: that secret may be known to others meanwhile.
  return {
    ...change,
    previousSecretHash,
    previousSecretUntilMs: Math.min(previousSecretUntilMs ?? untilMs, untilMs),
  };
}
