import type { Clock } from '#shared/domain/clock.ts';
import type { ApiKeyId, SessionId, UserId } from '#shared/domain/ids.ts';
import { type AccountGrant, type Scope, SCOPES } from '#shared/identity/viewer.ts';
import { isOutage } from '#shared/store/database-failure.ts';
import { isUsableFrom, secretIdOf } from './api-keys/api-key-rules.ts';
import type { ApiKey, ApiKeyStore } from './api-keys/api-key-store.ts';
import type { AccessTokens, ApiKeySecrets } from './credentials.ts';
import type { IdentityStore } from './identity-store.ts';
import type { Sessions } from './sessions/sessions.ts';
import type {
  SignatureProof,
  SignatureRefusal,
  SignedRequests,
} from './api-keys/signed-requests.ts';

/** What a valid credential stands for. */
interface Principal {
  readonly userId: UserId;
  readonly keyId: ApiKeyId | null;
  /** Which of the key's secrets was shown; null for an access token. */
  readonly secretId: string | null;
  readonly sessionId: SessionId | null;
  readonly scopes: readonly Scope[];
  readonly accounts: readonly AccountGrant[];
  /** When the credential ends, milliseconds since the epoch; null if it does not. */
  readonly expiresAtMs: number | null;
}

/** One credential, as the client sent it. */
export type Credential =
  | {
      readonly kind: 'apiKey';
      readonly text: string;
      readonly address: string | null;
      readonly proof: SignatureProof;
    }
  | { readonly kind: 'accessToken'; readonly text: string };

/** Why a key is invalid; given only if its secret was correct. */
type KeyRefusal = 'KEY_REVOKED' | 'KEY_EXPIRED' | 'IP_NOT_ALLOWED' | SignatureRefusal;

/** Who a credential stands for; an unknown key and a wrong secret are not distinguished. */
export type Authentication =
  | { readonly kind: 'good'; readonly principal: Principal }
  | { readonly kind: 'refused'; readonly reason: KeyRefusal | null };

/** A key's use is recorded at most this often, unless it comes from another address. */
const USE_NOTED_EVERY_MS = 60_000;
/**
 * And from another address at most this often: otherwise someone with many addresses writes the key's row with each
 * request, and those who wait for it hold the connections over which everybody's credentials are checked.
 */
const ADDRESS_NOTED_EVERY_MS = 1000;
const NOT_GOOD: Authentication = { kind: 'refused', reason: null };

/** Finds out who a credential stands for. */
export class Authenticate {
  readonly #identity: IdentityStore;
  readonly #keys: ApiKeyStore;
  readonly #sessions: Sessions;
  readonly #secrets: ApiKeySecrets;
  readonly #signed: SignedRequests;
  readonly #tokens: AccessTokens;
  readonly #clock: Clock;
  readonly #report: (cause: unknown) => void;

  constructor(options: {
    readonly identity: IdentityStore;
    readonly keys: ApiKeyStore;
    readonly sessions: Sessions;
    readonly secrets: ApiKeySecrets;
    readonly signed: SignedRequests;
    readonly tokens: AccessTokens;
    readonly clock: Clock;
    /** Called with why a use could not be recorded. */
    readonly report: (cause: unknown) => void;
  }) {
    this.#identity = options.identity;
    this.#keys = options.keys;
    this.#sessions = options.sessions;
    this.#secrets = options.secrets;
    this.#signed = options.signed;
    this.#tokens = options.tokens;
    this.#clock = options.clock;
    this.#report = options.report;
  }

  /** With the time of the check, for a client whose clock is wrong. */
  async run(credential: Credential): Promise<Authentication & { readonly checkedAtMs: number }> {
    const checkedAtMs = this.#clock.now();
    const authentication =
      credential.kind === 'apiKey'
        ? await this.#byApiKey(credential)
        : await this.#byAccessToken(credential.text);
    return { ...authentication, checkedAtMs };
  }

  async #byApiKey({
    text,
    address,
    proof,
  }: Credential & { readonly kind: 'apiKey' }): Promise<Authentication> {
    const shown = await this.#keyOf(text);
    if (shown === null) return NOT_GOOD;
    const { key, secretHash, isNew } = shown;
    const { expiresAtMs } = key;
    const now = this.#clock.now();
    const reason = refusalOf(key, address, now) ?? (await this.#signed.refusalOf(key, proof));
    if (reason !== null) return { kind: 'refused', reason };
    if (isUseNoted(key, address, now)) await this.#markUsed(key.id, now, address);
    if (isNew) await this.#keys.markSecretUsed(key.id, secretHash, now);
    const { id: keyId, userId, scopes, accountIds } = key;
    const grants = await this.#identity.grantsOf(userId);
    const accounts = grants.filter(({ accountId }) => accountIds?.includes(accountId) ?? true);
    const credential = { keyId, secretId: secretIdOf(secretHash), sessionId: null };
    const principal = { userId, ...credential, scopes, accounts, expiresAtMs };
    return { kind: 'good', principal };
  }

  /** A store that takes no writes must not keep those out who only read. */
  async #markUsed(id: ApiKeyId, now: number, address: string | null): Promise<void> {
    try {
      await this.#keys.markUsed(id, now, address);
    } catch (cause) {
      if (!isOutage(cause)) throw cause;
      this.#report(cause);
    }
  }

  /** The key that this secret belongs to, with the expiry of that secret, and whether this is its first use. */
  async #keyOf(text: string): Promise<{
    readonly key: ApiKey;
    readonly secretHash: string;
    readonly isNew: boolean;
  } | null> {
    const parsed = this.#secrets.parse(text);
    if (parsed === null) return null;
    const key = await this.#keys.key(parsed.id);
    const isNow = this.#secrets.matches(parsed.secretHash, key?.secretHash ?? null);
    const isOld = this.#secrets.matches(parsed.secretHash, key?.previousSecretHash ?? null);
    if (key === null || (!isNow && !isOld)) return null;
    const { secretHash } = parsed;
    if (isNow) return { key, secretHash, isNew: key.secretUsedAtMs === null };
    const expiresAtMs = earlier(key.expiresAtMs, key.previousSecretUntilMs);
    return { key: { ...key, expiresAtMs }, secretHash, isNew: false };
  }

  async #byAccessToken(text: string): Promise<Authentication> {
    const claims = await this.#tokens.verify(text, this.#clock.now());
    if (claims === null) return NOT_GOOD;
    const { userId, sessionId } = claims;
    const session = await this.#sessions.live(sessionId);
    if (session === null || session.userId !== userId) return NOT_GOOD;
    const expiresAtMs = Math.min(claims.expiresAtMs, session.expiresAtMs);
    const accounts = await this.#identity.grantsOf(userId);
    const credential = { keyId: null, secretId: null, sessionId };
    const principal = { userId, ...credential, scopes: SCOPES, accounts, expiresAtMs };
    return { kind: 'good', principal };
  }
}

/** If the address is unknown, no restricted key is accepted. */
function refusalOf(key: ApiKey, address: string | null, now: number): KeyRefusal | null {
  const { revokedAtMs, expiresAtMs, ipAllowList } = key;
  if (revokedAtMs !== null) return 'KEY_REVOKED';
  if (expiresAtMs !== null && expiresAtMs <= now) return 'KEY_EXPIRED';
  return isUsableFrom(ipAllowList, address) ? null : 'IP_NOT_ALLOWED';
}

/** Whether this use of a key is recorded. In both directions: the clock may have been set back. */
function isUseNoted(
  { lastUsedAtMs, lastUsedAddress }: ApiKey,
  address: string | null,
  now: number,
): boolean {
  const unnotedMs = lastUsedAddress === address ? USE_NOTED_EVERY_MS : ADDRESS_NOTED_EVERY_MS;
  return lastUsedAtMs === null || Math.abs(now - lastUsedAtMs) >= unnotedMs;
}

function earlier(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
