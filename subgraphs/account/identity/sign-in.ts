import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { AuditRecord } from './audit-record.ts';
import type { AuditStore } from './audit-trail.ts';
import type { PasswordHasher } from './credentials.ts';
import type { FailureLock } from './failure-lock.ts';
import type { IdentityStore } from './identity-store.ts';
import type { KnownNetworks } from './known-networks.ts';
import type { SecondFactor } from './second-factor.ts';
import type { Sessions, SignedIn } from './sessions.ts';

/** What became of a sign-in. That the user is unknown and that the password is wrong are one answer. */
export type SignInOutcome =
  | { readonly kind: 'signedIn'; readonly signedIn: SignedIn }
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'CREDENTIALS_INVALID'
        | 'SECOND_FACTOR_NEEDED'
        | 'SECOND_FACTOR_INVALID'
        | 'TOO_MANY_ATTEMPTS';
    };

/** What a person types. */
export interface SignInInput {
  readonly email: string;
  readonly password: string;
  /** Of the second factor, or a recovery code. */
  readonly code: string | null;
}

/** Longer ones are nobody's, and would only cost time. */
const MAX_LENGTH = 1024;

/** Signs a person in with e-mail address, password and, where there is one, the second factor. */
export class SignIn {
  readonly #identity: IdentityStore;
  readonly #passwords: PasswordHasher;
  readonly #trail: Pick<AuditStore, 'append'>;
  readonly #report: (cause: unknown) => void;
  readonly #clock: Clock;
  readonly #secondFactor: SecondFactor;
  readonly #sessions: Sessions;
  readonly #knownNetworks: Pick<KnownNetworks, 'has'>;
  readonly #failures: FailureLock;
  readonly #addressFailures: FailureLock;

  constructor(options: {
    readonly identity: IdentityStore;
    readonly passwords: PasswordHasher;
    readonly trail: Pick<AuditStore, 'append'>;
    /** Told when a failed try could not be written down. */
    readonly report: (cause: unknown) => void;
    readonly clock: Clock;
    readonly secondFactor: SecondFactor;
    readonly sessions: Sessions;
    /** Whom strangers do not keep waiting. */
    readonly knownNetworks: Pick<KnownNetworks, 'has'>;
    /** By e-mail address. */
    readonly failures: FailureLock;
    /** By IP address: one password may be tried on many people. */
    readonly addressFailures: FailureLock;
  }) {
    this.#identity = options.identity;
    this.#passwords = options.passwords;
    this.#trail = options.trail;
    this.#report = options.report;
    this.#clock = options.clock;
    this.#secondFactor = options.secondFactor;
    this.#sessions = options.sessions;
    this.#knownNetworks = options.knownNetworks;
    this.#failures = options.failures;
    this.#addressFailures = options.addressFailures;
  }

  async run(input: SignInInput, origin: ClientOrigin | null): Promise<SignInOutcome> {
    const email = input.email.trim().toLowerCase();
    if (email.length > MAX_LENGTH || input.password.length > MAX_LENGTH)
      return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    const address = networkOf(origin?.address ?? '');
    if (!this.#admit(email, address)) return { kind: 'refused', reason: 'TOO_MANY_ATTEMPTS' };
    const queue = this.#knownNetworks.has(address) ? 'known' : 'strangers';
    // Before anything is looked up: most of a flood ends here.
    if (this.#passwords.isFull(queue)) return this.#turnAway(email, address);
    const user = await this.#identity.userByEmail(email);
    const verdict = await this.#passwords.verify(input.password, user?.passwordHash ?? null, queue);
    if (verdict === 'busy') return this.#turnAway(email, address);
    if (user === null) return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    if (verdict === 'wrong') {
      this.#noteFailure(user.id, origin);
      return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    }
    const reason = await this.#refusalOfCode(user.id, input.code, origin);
    if (reason === 'SECOND_FACTOR_NEEDED') this.#takeBack(email, address); // nothing was guessed
    if (reason !== null) return { kind: 'refused', reason };
    this.#failures.clear(email);
    // Not cleared: whoever has an account of their own could go on guessing others' for ever.
    this.#addressFailures.takeBack(address);
    return { kind: 'signedIn', signedIn: await this.#sessions.begin(user.id, origin) };
  }

  /** A try that is turned away for its address is not counted for its person. */
  #admit(email: string, address: string): boolean {
    if (!this.#addressFailures.admit(address)) return false;
    if (this.#failures.admit(email)) return true;
    this.#addressFailures.takeBack(address);
    return false;
  }

  /** A try that cannot be looked at now is nobody's fault. */
  #turnAway(email: string, address: string): SignInOutcome {
    this.#takeBack(email, address);
    return { kind: 'refused', reason: 'TOO_MANY_ATTEMPTS' };
  }

  #takeBack(email: string, address: string): void {
    this.#failures.takeBack(email);
    this.#addressFailures.takeBack(address);
  }

  async #refusalOfCode(userId: UserId, code: string | null, origin: ClientOrigin | null) {
    if (code === null)
      return (await this.#secondFactor.isOn(userId)) ? 'SECOND_FACTOR_NEEDED' : null;
    const verdict = await this.#secondFactor.check(userId, code, origin);
    if (verdict === 'locked') return 'TOO_MANY_ATTEMPTS';
    if (verdict !== 'wrong') return null;
    this.#noteFailure(userId, origin);
    return 'SECOND_FACTOR_INVALID';
  }

  /** Beside the answer, whose time would otherwise tell that there is such a person. */
  #noteFailure(userId: UserId, origin: ClientOrigin | null): void {
    const record: AuditRecord = {
      ...{ userId, action: 'SIGN_IN_FAILED', subjectId: null, origin },
      ...{ apiKeyId: null, sessionId: null, atMs: this.#clock.now() },
    };
    this.#trail.append(record).catch(this.#report);
  }
}
