import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { AuditRecord } from './audit-record.ts';
import type { IdentityStore } from './identity-store.ts';
import type { OutsideIdentity, OutsideIssuer } from './outside-issuer.ts';
import type { SecondFactor } from './second-factor.ts';
import type { Sessions } from './sessions.ts';
import type { SignInOutcome } from './sign-in.ts';

/** The port behind which it is kept who somebody is with an outside issuer. */
export interface OutsideIdentityStore {
  userOf(identity: OutsideIdentity): Promise<UserId | null>;
  /**
   * Notes who it is; with the record, or neither. @returns false when the person, or the subject,
   * belongs to another already
   */
  link(identity: OutsideIdentity, record: AuditRecord): Promise<boolean>;
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
  readonly #secondFactor: SecondFactor;
  readonly #sessions: Sessions;
  readonly #clock: Clock;

  constructor(options: {
    /** Null where the desk believes nobody. */
    readonly issuer: OutsideIssuer | null;
    readonly store: OutsideIdentityStore;
    readonly people: Pick<IdentityStore, 'userByEmail'>;
    readonly secondFactor: SecondFactor;
    readonly sessions: Sessions;
    readonly clock: Clock;
  }) {
    this.#issuer = options.issuer;
    this.#store = options.store;
    this.#people = options.people;
    this.#secondFactor = options.secondFactor;
    this.#sessions = options.sessions;
    this.#clock = options.clock;
  }

  /** That the token is not good and that its person is nobody here are one answer. */
  async run(
    input: { readonly idToken: string; readonly code: string | null },
    origin: ClientOrigin | null,
  ): Promise<SignInOutcome> {
    const identity = await this.#issuer?.verify(input.idToken, this.#clock.now());
    const userId = identity == null ? null : await this.#userOf(identity, origin);
    if (userId === null) return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    const reason = await this.#refusalOfCode(userId, input.code, origin);
    if (reason !== null) return { kind: 'refused', reason };
    return { kind: 'signedIn', signedIn: await this.#sessions.begin(userId, origin) };
  }

  async #userOf(identity: OutsideIdentity, origin: ClientOrigin | null): Promise<UserId | null> {
    const known = await this.#store.userOf(identity);
    if (known !== null || identity.email === null) return known;
    const person = await this.#people.userByEmail(identity.email);
    // Whoever signed up with an address that is not theirs would share the account of whose it is.
    if (person?.isEmailVerified !== true) return null;
    const isLinked = await this.#store.link(identity, {
      ...{ userId: person.id, action: 'ISSUER_LINKED', subjectId: identity.issuer, origin },
      ...{ apiKeyId: null, sessionId: null, atMs: this.#clock.now() },
    });
    // Somebody else may have been quicker, with the same token.
    return isLinked ? person.id : this.#store.userOf(identity);
  }

  async #refusalOfCode(userId: UserId, code: string | null, origin: ClientOrigin | null) {
    if (code === null)
      return (await this.#secondFactor.isOn(userId)) ? 'SECOND_FACTOR_NEEDED' : null;
    const verdict = await this.#secondFactor.check(userId, code, origin);
    if (verdict === 'locked') return 'TOO_MANY_ATTEMPTS';
    return verdict === 'wrong' ? 'SECOND_FACTOR_INVALID' : null;
  }
}
