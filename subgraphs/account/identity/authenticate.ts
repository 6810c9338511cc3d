import type { ApiKeyId, SessionId, UserId } from '#shared/domain/ids.ts';
import type { Clock } from '#shared/domain/clock.ts';
import { type AccountGrant, type Scope, SCOPES } from '#shared/identity/viewer.ts';
import type { AccessTokens, ApiKeySecrets } from './credentials.ts';
import type { Sessions } from './sessions.ts';
import type { IdentityStore } from './identity-store.ts';

/** What a good credential stands for. */
export interface Principal {
  readonly userId: UserId;
  readonly keyId: ApiKeyId | null;
  readonly sessionId: SessionId | null;
  readonly scopes: readonly Scope[];
  readonly accounts: readonly AccountGrant[];
  /** When the credential ends, milliseconds since the epoch; null when it does not. */
  readonly expiresAtMs: number | null;
}

/** One credential, as the client sent it. */
export type Credential =
  | { readonly kind: 'apiKey'; readonly text: string }
  | { readonly kind: 'accessToken'; readonly text: string };

/** The last use of a key is noted at most this often. */
const USE_NOTED_EVERY_MS = 60_000;

/** Finds out who stands behind a credential. Why one is not good is not told. */
export class Authenticate {
  readonly #identity: IdentityStore;
  readonly #sessions: Sessions;
  readonly #secrets: ApiKeySecrets;
  readonly #tokens: AccessTokens;
  readonly #clock: Clock;

  constructor(options: {
    readonly identity: IdentityStore;
    readonly sessions: Sessions;
    readonly secrets: ApiKeySecrets;
    readonly tokens: AccessTokens;
    readonly clock: Clock;
  }) {
    this.#identity = options.identity;
    this.#sessions = options.sessions;
    this.#secrets = options.secrets;
    this.#tokens = options.tokens;
    this.#clock = options.clock;
  }

  /** @returns null for a credential that is not good */
  run(credential: Credential): Promise<Principal | null> {
    return credential.kind === 'apiKey'
      ? this.#byApiKey(credential.text)
      : this.#byAccessToken(credential.text);
  }

  async #byApiKey(text: string): Promise<Principal | null> {
    const parsed = this.#secrets.parse(text);
    if (parsed === null) return null;
    const key = await this.#identity.apiKey(parsed.id);
    const isRight = this.#secrets.matches(parsed.secretHash, key?.secretHash ?? null);
    const now = this.#clock.now();
    if (key === null || !isRight || key.revokedAtMs !== null) return null;
    if (key.expiresAtMs !== null && key.expiresAtMs <= now) return null;
    if (now - (key.lastUsedAtMs ?? 0) > USE_NOTED_EVERY_MS)
      await this.#identity.markApiKeyUsed(key.id, now);
    const { userId, scopes, expiresAtMs } = key;
    const accounts = await this.#identity.grantsOf(userId);
    return { userId, keyId: key.id, sessionId: null, scopes, accounts, expiresAtMs };
  }

  async #byAccessToken(text: string): Promise<Principal | null> {
    const claims = await this.#tokens.verify(text, this.#clock.now());
    if (claims === null) return null;
    const { userId, sessionId } = claims;
    const session = await this.#sessions.live(sessionId);
    if (session === null || session.userId !== userId) return null;
    const expiresAtMs = Math.min(claims.expiresAtMs, session.expiresAtMs);
    const accounts = await this.#identity.grantsOf(userId);
    return { userId, keyId: null, sessionId, scopes: SCOPES, accounts, expiresAtMs };
  }
}
