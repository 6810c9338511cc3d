import type { UserId } from '#shared/domain/ids.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { HashQueue, PasswordHasher } from './credentials.ts';
import type { FailureLock } from './failure-lock.ts';
import type { KnownNetworks } from './known-networks.ts';

interface Limits {
  readonly passwords: Pick<PasswordHasher, 'isFull' | 'verify'>;
  /** Whom strangers do not keep waiting. */
  readonly knownNetworks: Pick<KnownNetworks, 'has' | 'hasSeen'>;
  /** By e-mail address; apart from each network where its user is known. */
  readonly failures: FailureLock;
  /** By IP address: one password may be tried on many users. */
  readonly addressFailures: FailureLock;
}

/** Whose password is tried: an e-mail address, and the user if there is one. */
interface TriedUser {
  /** In lower case. */
  readonly email: string;
  readonly user: { readonly id: UserId; readonly passwordHash: string | null } | null;
}

/** Bounds the tries at passwords, wherever one is asked for: they share one count. */
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
    const queue = knownNetworks.has(address) ? 'known' : 'strangers';
    const attempt = new PasswordTry(this.#limits, address, queue);
    // Most of a flood ends here.
    if (!passwords.isFull(queue)) return attempt;
    attempt.takeBack();
    return null;
  }
}

/** One try at a password. It counts as a failure until it succeeds or is withdrawn. */
export class PasswordTry {
  readonly #limits: Limits;
  readonly #address: string;
  /** Where its hashes wait. */
  readonly queue: HashQueue;
  /** Under what it is counted, besides its address. */
  #name: string | null = null;

  constructor(limits: Limits, address: string, queue: HashQueue) {
    this.#limits = limits;
    this.#address = address;
    this.queue = queue;
  }

  /**
   * Checks the password, once. Nobody's password costs the same and is always wrong.
   * @returns `turnedAway`, and the try is not counted, when there were too many or too many wait
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
    const verdict = await passwords.verify(password, user?.passwordHash ?? null, this.queue);
    if (verdict !== 'busy') return verdict;
    this.takeBack();
    return 'turnedAway';
  }

  /** Nothing was guessed, or the try could not be looked at, which is nobody's fault. */
  takeBack(): void {
    if (this.#name !== null) this.#limits.failures.takeBack(this.#name);
    this.#limits.addressFailures.takeBack(this.#address);
  }

  /** The user has shown who they are. */
  succeed(): void {
    if (this.#name !== null) this.#limits.failures.clear(this.#name);
    // Not cleared: whoever has an account of their own could go on guessing others' forever.
    this.#limits.addressFailures.takeBack(this.#address);
  }

  /**
   * Whose tries these are: all strangers' for one user are counted together, but where the user
   * was lately, their own are counted apart, so that strangers cannot keep them out.
   */
  #nameOf(email: string, userId: UserId | null): string {
    const isKnownHere =
      userId !== null && this.#limits.knownNetworks.hasSeen(userId, this.#address);
    return isKnownHere ? `${email} ${this.#address}` : email;
  }
}
