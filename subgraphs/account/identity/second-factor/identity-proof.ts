import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { Caller } from '../audit/audit-record.ts';
import type { FailedSignIns } from '../sign-in/failed-sign-ins.ts';
import type { OutsideIssuer } from '../sign-in/outside-issuer.ts';
import { isNoPassword } from '../passwords/password-rules.ts';
import type { PasswordOwner, PasswordStore } from '../passwords/password-store.ts';
import type { PasswordTries } from '../passwords/password-tries.ts';
import type { OutsideIdentityStore } from '../sign-in/sign-in-with-token.ts';

/** Why a user in a session has not proved who they are. */
export type IdentityProofRefusal =
  | 'PASSWORD_NEEDED'
  | 'PASSWORD_INVALID'
  | 'ID_TOKEN_NEEDED'
  | 'ID_TOKEN_INVALID'
  | 'TOO_MANY_ATTEMPTS';

/** What a user shows; null for what they do not show. */
export interface ShownIdentity {
  readonly currentPassword: string | null;
  /** Of the desk's OpenID Connect issuer. */
  readonly idToken: string | null;
}

/**
 * Asks users in a session for what they sign in with, which a stolen session does not have: their password, or without
 * one an ID token. Passwords are tried within the limits of sign-ins: a stolen session guesses no better than a
 * stranger.
 */
export class IdentityProof {
  readonly #store: Pick<PasswordStore, 'ownerOf'>;
  readonly #tries: PasswordTries;
  readonly #failed: Pick<FailedSignIns, 'note'>;
  readonly #issuer: OutsideIssuer | null;
  readonly #identities: Pick<OutsideIdentityStore, 'userOf' | 'use'>;
  readonly #clock: Clock;

  constructor(options: {
    readonly store: Pick<PasswordStore, 'ownerOf'>;
    readonly tries: PasswordTries;
    readonly failed: Pick<FailedSignIns, 'note'>;
    /** Null if the desk has no issuer. */
    readonly issuer: OutsideIssuer | null;
    readonly identities: Pick<OutsideIdentityStore, 'userOf' | 'use'>;
    readonly clock: Clock;
  }) {
    this.#store = options.store;
    this.#tries = options.tries;
    this.#failed = options.failed;
    this.#issuer = options.issuer;
    this.#identities = options.identities;
    this.#clock = options.clock;
  }

  /** Null if the user has proved who they are. A wrong password is recorded, and a token is used up. */
  async refusalOf(caller: Caller, shown: ShownIdentity): Promise<IdentityProofRefusal | null> {
    const { userId } = caller.viewer;
    const owner = await this.#store.ownerOf(userId);
    invariant(owner !== null, `the caller ${userId} is not known`);
    if (owner.passwordHash !== null)
      return this.#refusalOfPassword(caller, owner, shown.currentPassword);
    if (shown.idToken === null) return 'ID_TOKEN_NEEDED';
    return (await this.#isTokenOf(userId, shown.idToken)) ? null : 'ID_TOKEN_INVALID';
  }

  async #refusalOfPassword(
    { viewer: { userId, credential }, origin }: Caller,
    owner: PasswordOwner,
    password: string | null,
  ): Promise<IdentityProofRefusal | null> {
    if (password === null) return 'PASSWORD_NEEDED';
    if (isNoPassword(password)) return 'PASSWORD_INVALID';
    const attempt = this.#tries.admit(origin);
    if (attempt === null) return 'TOO_MANY_ATTEMPTS';
    const verdict = await attempt.verify(password, { email: owner.email, user: owner });
    if (verdict === 'turnedAway') return 'TOO_MANY_ATTEMPTS';
    if (verdict === 'right') {
      attempt.succeed();
      return null;
    }
    const sessionId = credential.kind === 'session' ? credential.sessionId : null;
    this.#failed.note({ userId, sessionId, origin }, 'SECOND_FACTOR_FAILED');
    return 'PASSWORD_INVALID';
  }

  /** Another user's token is not used up by this. */
  async #isTokenOf(userId: UserId, idToken: string): Promise<boolean> {
    const identity = await this.#issuer?.verify(idToken, this.#clock.now());
    if (identity == null || (await this.#identities.userOf(identity)) !== userId) return false;
    return this.#identities.use(identity.signedPart, identity.usableUntilMs);
  }
}
