import type { UserId } from '#shared/domain/ids.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { HashingPlace, PasswordHasher } from '../credentials.ts';
import type { FailureLock } from '../failure-lock.ts';
import type { KnownNetworks } from '../known-networks.ts';
import type { CodeRefusal } from '../sign-in/sign-in-code.ts';

interface Limits {
  readonly passwords: Pick<PasswordHasher, 'isFull' | 'verify'>;
  /** Networks whose users do not wait for strangers. */
  readonly knownNetworks: Pick<KnownNetworks, 'has' | 'hasSeen'>;
  /** By e-mail address, and separately for each network where its user is known. */
  readonly failures: FailureLock;
  /** By IP address, because one password may be tried on many users, and codes on many whose passwords are stolen. */
  readonly addressFailures: FailureLock;
}

/** The user whose password is tried: an e-mail address, and the user if there is one. */
interface TriedUser {
  /** In lower case. */
  readonly email: string;
  readonly user: { readonly id: UserId; readonly passwordHash: string | null } | null;
}

/** Limits the tries at passwords. Sign-ins and all other places that ask for one share the counts. */
export class PasswordTries {
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Counts a try from an address before anything is looked up. @returns null if there were too many */
  admit(origin: ClientOrigin | null): PasswordTry | null {
    const { addressFailures, knownNetworks, passwords } = this.#limits;
    const address = networkOf(origin?.address ?? '');
    if (!addressFailures.admit(address)) return null;
    const attempt = new PasswordTry(this.#limits, address, knownNetworks.has(address));
    // Most of a flood is refused here, before anything is looked up.
    if (!passwords.isFull(attempt.place)) return attempt;
    attempt.takeBack();
    return null;
  }
}

/** One try at a password. It counts as a failure until it succeeds or is withdrawn. */
export class PasswordTry {
  readonly #limits: Limits;
  readonly #address: string;
  /** Where it comes from. */
  readonly place: HashingPlace;
  /** The name under which it is counted, besides its address; null before {@link PasswordTry.verify}. */
  #name: string | null = null;

  constructor(limits: Limits, address: string, isKnown: boolean) {
    this.#limits = limits;
    this.#address = address;
    this.place = { network: address, isKnown };
  }

  /**
   * Checks the password; call it once. Without a user the check costs the same and the password is always wrong.
   * @returns `turnedAway`, and the try is not counted, if there were too many tries or too many wait
   */
  async verify(
    password: string,
    { email, user }: TriedUser,
  ): Promise<'right' | 'wrong' | 'turnedAway'> {
    const { failures, passwords } = this.#limits;
    const name = this.#nameOf(email, user?.id ?? null);
    if (!failures.admit(name)) {
      this.takeBack();
      return 'turnedAway';
    }
    this.#name = name;
    const stored = user?.passwordHash ?? null;
    const verdict = await passwords.verify(password, stored, this.place);
    if (verdict !== 'busy') return verdict;
    this.takeBack();
    return 'turnedAway';
  }

  /** Withdraws the try: the password could not be checked. */
  takeBack(): void {
    if (this.#name !== null) this.#limits.failures.takeBack(this.#name);
    this.#limits.addressFailures.takeBack(this.#address);
  }

  /**
   * The password was right, so this was no try at it: codes have limits of their own. But a wrong code counts for the
   * address.
   */
  failAtCode(reason: CodeRefusal): void {
    if (this.#name !== null) this.#limits.failures.takeBack(this.#name);
    if (reason !== 'SECOND_FACTOR_INVALID') this.#limits.addressFailures.takeBack(this.#address);
  }

  /** The user has proved their identity: their own count starts again. */
  succeed(): void {
    if (this.#name !== null) this.#limits.failures.clear(this.#name);
    // The count of the address is not cleared: anyone with an account of their own could guess others' passwords forever.
    this.#limits.addressFailures.takeBack(this.#address);
  }

  /**
   * The name under which tries are counted. All strangers' tries for one user share a count. On networks where the user
   * was recently, the tries have another one, so that strangers cannot lock the user out.
   */
  #nameOf(email: string, userId: UserId | null): string {
    const isKnownHere =
      userId !== null && this.#limits.knownNetworks.hasSeen(userId, this.#address);
    // Not joined by a space: a stranger can send any text as an address, also one that ends in a network.
    return JSON.stringify(isKnownHere ? [email, this.#address] : [email]);
  }
}
