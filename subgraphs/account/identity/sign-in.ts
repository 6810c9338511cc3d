import type { UserId } from '#shared/domain/ids.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { PasswordHasher } from './credentials.ts';
import type { FailedSignIns } from './failed-sign-ins.ts';
import type { FailureLock } from './failure-lock.ts';
import type { IdentityStore } from './identity-store.ts';
import type { KnownNetworks } from './known-networks.ts';
import type { Sessions, SignedIn } from './sessions.ts';
import type { CodeRefusal, SignInCode } from './sign-in-code.ts';

/** What became of a sign-in. That the user is unknown and that the password is wrong are one answer. */
export type SignInOutcome =
  | { readonly kind: 'signedIn'; readonly signedIn: SignedIn }
  | {
      readonly kind: 'refused';
      readonly reason: 'CREDENTIALS_INVALID' | CodeRefusal;
    };

/** What a person types. */
export interface SignInInput {
  readonly email: string;
  readonly password: string;
  /** Of the second factor, or a recovery code. */
  readonly code: string | null;
}

/** Under what a try is counted, and from where it was made. */
interface Tried {
  readonly name: string;
  readonly address: string;
  readonly origin: ClientOrigin | null;
}

/** Longer ones are nobody's, and would only cost time. */
const MAX_LENGTH = 1024;

/** Signs a person in with e-mail address, password and, if there is one, the second factor. */
export class SignIn {
  readonly #identity: IdentityStore;
  readonly #passwords: PasswordHasher;
  readonly #failed: FailedSignIns;
  readonly #code: SignInCode;
  readonly #sessions: Sessions;
  readonly #knownNetworks: Pick<KnownNetworks, 'has' | 'hasSeen'>;
  readonly #failures: FailureLock;
  readonly #addressFailures: FailureLock;

  constructor(options: {
    readonly identity: IdentityStore;
    readonly passwords: PasswordHasher;
    readonly failed: FailedSignIns;
    readonly code: SignInCode;
    readonly sessions: Sessions;
    /** Whom strangers do not keep waiting. */
    readonly knownNetworks: Pick<KnownNetworks, 'has' | 'hasSeen'>;
    /** By e-mail address; apart from each network where its person is known. */
    readonly failures: FailureLock;
    /** By IP address: one password may be tried on many people. */
    readonly addressFailures: FailureLock;
  }) {
    this.#identity = options.identity;
    this.#passwords = options.passwords;
    this.#failed = options.failed;
    this.#code = options.code;
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
    if (!this.#addressFailures.admit(address))
      return { kind: 'refused', reason: 'TOO_MANY_ATTEMPTS' };
    const queue = this.#knownNetworks.has(address) ? 'known' : 'strangers';
    // Before anything is looked up: most of a flood ends here.
    if (this.#passwords.isFull(queue)) return this.#turnAway(address);
    const user = await this.#identity.userByEmail(email);
    const name = this.#nameOf(email, user?.id ?? null, address);
    if (!this.#failures.admit(name)) return this.#turnAway(address);
    const verdict = await this.#passwords.verify(input.password, user?.passwordHash ?? null, queue);
    if (verdict === 'busy') {
      this.#failures.takeBack(name);
      return this.#turnAway(address);
    }
    if (user === null) return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    if (verdict === 'wrong') {
      this.#failed.note(user.id, origin);
      return { kind: 'refused', reason: 'CREDENTIALS_INVALID' };
    }
    return this.#withRightPassword(user.id, input.code, { name, address, origin });
  }

  async #withRightPassword(
    userId: UserId,
    code: string | null,
    { name, address, origin }: Tried,
  ): Promise<SignInOutcome> {
    const reason = await this.#code.refusalOf(userId, code, origin);
    if (reason === 'SECOND_FACTOR_NEEDED') {
      // Nothing was guessed.
      this.#failures.takeBack(name);
      this.#addressFailures.takeBack(address);
    }
    if (reason !== null) return { kind: 'refused', reason };
    this.#failures.clear(name);
    // Not cleared: whoever has an account of their own could go on guessing others' forever.
    this.#addressFailures.takeBack(address);
    return { kind: 'signedIn', signedIn: await this.#sessions.begin(userId, origin) };
  }

  /**
   * Whose tries these are: all strangers' for one person are counted together, but where the person
   * was lately, their own are counted apart, so that strangers cannot keep them out.
   */
  #nameOf(email: string, userId: UserId | null, address: string): string {
    const isKnownHere = userId !== null && this.#knownNetworks.hasSeen(userId, address);
    return isKnownHere ? `${email} ${address}` : email;
  }

  /** A try that cannot be looked at now is nobody's fault. */
  #turnAway(address: string): SignInOutcome {
    this.#addressFailures.takeBack(address);
    return { kind: 'refused', reason: 'TOO_MANY_ATTEMPTS' };
  }
}
