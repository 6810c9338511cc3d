import type { Clock } from '#shared/domain/clock.ts';
import type { ApiKeyId } from '#shared/domain/ids.ts';
import type { Scope, Trader } from '#shared/identity/viewer.ts';
import type { ApiKeySecrets } from './credentials.ts';
import type { ApiKey, IdentityStore } from './identity-store.ts';

/** What a person asks for; times are milliseconds since the epoch. */
export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAtMs: number | null;
}

/** A new key with its secret, which nobody can read again, or why there is none. */
export type CreateApiKeyOutcome =
  | { readonly kind: 'created'; readonly apiKey: ApiKey; readonly secret: string }
  | { readonly kind: 'refused'; readonly reason: 'SCOPE_EXCEEDED' | 'INVALID_INPUT' };

const MAX_NAME_LENGTH = 64;

/** Makes and ends a person's API keys. A key never grants more than what it was made with. */
export class ManageApiKeys {
  readonly #identity: IdentityStore;
  readonly #secrets: ApiKeySecrets;
  readonly #clock: Clock;

  constructor(options: {
    readonly identity: IdentityStore;
    readonly secrets: ApiKeySecrets;
    readonly clock: Clock;
  }) {
    this.#identity = options.identity;
    this.#secrets = options.secrets;
    this.#clock = options.clock;
  }

  async create(viewer: Trader, input: NewApiKey): Promise<CreateApiKeyOutcome> {
    const now = this.#clock.now();
    const name = input.name.trim();
    const isEndPast = input.expiresAtMs !== null && input.expiresAtMs <= now;
    if (name === '' || name.length > MAX_NAME_LENGTH || isEndPast || outlives(viewer, input))
      return { kind: 'refused', reason: 'INVALID_INPUT' };
    if (input.scopes.some((scope) => !viewer.scopes.includes(scope)))
      return { kind: 'refused', reason: 'SCOPE_EXCEEDED' };
    const { id, text, secretHash } = this.#secrets.make();
    const apiKey: ApiKey = {
      id,
      userId: viewer.userId,
      name,
      scopes: [...new Set(input.scopes)],
      createdAtMs: now,
      expiresAtMs: input.expiresAtMs,
      revokedAtMs: null,
    };
    await this.#identity.addApiKey({ ...apiKey, secretHash, lastUsedAtMs: null });
    return { kind: 'created', apiKey, secret: text };
  }

  /** @returns null when the viewer has no such key */
  revoke(viewer: Trader, id: ApiKeyId): Promise<ApiKey | null> {
    return this.#identity.revokeApiKey(viewer.userId, id, this.#clock.now());
  }
}

/** A key made with a key ends no later; one made after signing in may last. */
function outlives(viewer: Trader, { expiresAtMs }: NewApiKey): boolean {
  if (viewer.credential.kind !== 'apiKey' || viewer.expiresAt === null) return false;
  return expiresAtMs === null || expiresAtMs > viewer.expiresAt;
}
