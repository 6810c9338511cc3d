import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { AuditRecord } from './audit-record.ts';
import type { IdentityStore } from './identity-store.ts';
import type { OutsideIdentity, OutsideIssuer } from './outside-issuer.ts';
import type { Sessions } from './sessions.ts';
import type { SignInCode } from './sign-in-code.ts';
import type { SignInOutcome } from './sign-in.ts';

/** The port behind which it is kept who somebody is with an outside issuer. */
export interface OutsideIdentityStore {
  userOf(identity: OutsideIdentity): Promise<UserId | null>;
  /**
   * Notes who it is; with the record, or neither. @returns false when the person, or the subject,
   * belongs to another already
   */
  link(identity: OutsideIdentity, record: AuditRecord): Promise<boolean>;
  /**
   * Uses a token up, by its part that is signed, whose hash is kept while it could be shown again.
   * @returns false when it was used before, also by another process
   */
  use(signedPart: string, untilMs: number): Promise<boolean>;
}

/**
 * Signs a person in by what an outside issuer says of them. Its subject is who they are; the first time,
 * the e-mail address that the issuer has verified says which of our people that is; not of those who only
 * signed up with it.
 */
export class SignInWithToken {
  readonly #issuer: OutsideIssuer | null;
  readonly #store: OutsideIdentityStore;
  readonly #people: Pick<IdentityStore, 'userByEmail'>;
  readonly #code: SignInCode;
  readonly #sessions: Sessions;
  readonly #clock: Clock;

  constructor(options: {
    /** Null if the desk believes nobody. */
    readonly issuer: OutsideIssuer | null;
    readonly store: OutsideIdentityStore;
    readonly people: Pick<IdentityStore, 'userByEmail'>;
    readonly code: SignInCode;
    readonly sessions: Sessions;
    readonly clock: Clock;
  }) {
    this.#issuer = options.issuer;
    this.#store = options.store;
    this.#people = options.people;
    this.#code = options.code;
    this.#sessions = options.sessions;
    this.#clock = options.clock;
  }

  /** A token signs in once. That it is not good and that its person is nobody here are one answer. */
  async run(
    input: { readonly idToken: string; readonly code: string | null },
    origin: ClientOrigin | null,
  ): Promise<SignInOutcome> {
    const identity = await this.#issuer?.verify(input.idToken, this.#clock.now());
    if (identity == null) return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    const userId = await this.#userOf(identity, origin);
    if (userId === null) return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    const reason = await this.#code.refusalOf({ userId, sessionId: null, origin }, input.code);
    if (reason !== null) return { kind: 'refused', reason };
    if (!(await this.#store.use(identity.signedPart, identity.usableUntilMs)))
      return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    return { kind: 'signedIn', signedIn: await this.#sessions.begin(userId, origin) };
  }

  async #userOf(identity: OutsideIdentity, origin: ClientOrigin | null): Promise<UserId | null> {
    const known = await this.#store.userOf(identity);
    if (known !== null || identity.email === null) return known;
    const person = await this.#people.userByEmail(identity.email);
    // Anyone who signed up with an address that is not theirs would share the account of whose it is.
    if (person?.isEmailVerified !== true) return null;
    const isLinked = await this.#store.link(identity, {
      userId: person.id,
      action: 'ISSUER_LINKED',
      subjectId: identity.issuer,
      origin,
      apiKeyId: null,
      sessionId: null,
      atMs: this.#clock.now(),
    });
    // Somebody else may have been quicker, with the same token.
    return isLinked ? person.id : this.#store.userOf(identity);
  }
}
