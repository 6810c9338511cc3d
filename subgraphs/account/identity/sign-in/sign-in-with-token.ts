import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import type { IdentityStore } from '../identity-store.ts';
import type { OutsideIdentity, OutsideIssuer } from './outside-issuer.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { SignInCode } from './sign-in-code.ts';
import type { SignInInput, SignInOutcome } from './sign-in.ts';

/** The port for storing who a user is at an OpenID Connect issuer. */
export interface OutsideIdentityStore {
  userOf(identity: OutsideIdentity): Promise<UserId | null>;
  /**
   * Links a user to a subject, with the audit record, or neither.
   * @returns false if the user, or the subject, is linked to another already
   */
  link(identity: OutsideIdentity, record: AuditRecord): Promise<boolean>;
  /**
   * Uses up a token, by its signed part, whose hash is kept while it could be shown again.
   * @returns false if it was used before, by any process
   */
  use(signedPart: string, untilMs: number): Promise<boolean>;
}

/**
 * Signs a user in by an OpenID Connect issuer's token. Its subject identifies the user; the first
 * time, the e-mail address that the issuer has verified finds the user, except users who only
 * signed up with that address.
 */
export class SignInWithToken {
  readonly #issuer: OutsideIssuer | null;
  readonly #store: OutsideIdentityStore;
  readonly #users: Pick<IdentityStore, 'userByEmail'>;
  readonly #code: SignInCode;
  readonly #sessions: Sessions;
  readonly #clock: Clock;

  constructor(options: {
    /** Null if the desk has no issuer. */
    readonly issuer: OutsideIssuer | null;
    readonly store: OutsideIdentityStore;
    readonly users: Pick<IdentityStore, 'userByEmail'>;
    readonly code: SignInCode;
    readonly sessions: Sessions;
    readonly clock: Clock;
  }) {
    this.#issuer = options.issuer;
    this.#store = options.store;
    this.#users = options.users;
    this.#code = options.code;
    this.#sessions = options.sessions;
    this.#clock = options.clock;
  }

  /** A token signs in once. An invalid token and one that matches no user are not distinguished. */
  async run(
    input: Pick<SignInInput, 'code' | 'endsOthers'> & { readonly idToken: string },
    origin: ClientOrigin | null,
  ): Promise<SignInOutcome> {
    const identity = await this.#issuer?.verify(input.idToken, this.#clock.now());
    if (identity == null) return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    const userId = await this.#userOf(identity, origin);
    if (userId === null) return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    const tried = { userId, sessionId: null, origin };
    const proof = await this.#code.verify(tried, input.code);
    if (proof.kind === 'refused') return proof;
    if (!(await this.#store.use(identity.signedPart, identity.usableUntilMs)))
      return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    const { endsOthers } = input;
    const beginning = this.#sessions.begin(userId, origin, { code: proof.code, endsOthers });
    const signedIn = await this.#code.useUp(tried, beginning);
    return 'kind' in signedIn ? signedIn : { kind: 'signedIn', signedIn };
  }

  async #userOf(identity: OutsideIdentity, origin: ClientOrigin | null): Promise<UserId | null> {
    const known = await this.#store.userOf(identity);
    if (known !== null || identity.email === null) return known;
    const user = await this.#users.userByEmail(identity.email);
    // A user who signed up with an address that is not theirs would share the account of its owner.
    if (user?.isEmailVerified !== true) return null;
    const isLinked = await this.#store.link(identity, {
      userId: user.id,
      action: 'ISSUER_LINKED',
      subjectId: identity.issuer,
      origin,
      apiKeyId: null,
      sessionId: null,
      atMs: this.#clock.now(),
    });
    // Another request with the same token may have been faster.
    return isLinked ? user.id : this.#store.userOf(identity);
  }
}
