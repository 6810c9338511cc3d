import type { Clock } from '#shared/domain/clock.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { NewIds, PasswordHasher } from '../credentials.ts';
import { parseDisplayName } from '../display-name.ts';
import type { FailureLock } from '../failure-lock.ts';
import type { IdentityStore } from '../identity-store.ts';
import { isSoundPassword } from '../passwords/password-rules.ts';
import type { Sessions, SignedIn } from '../sessions/sessions.ts';

/** The outcome of a sign-up. */
export type SignUpOutcome =
  | { readonly kind: 'signedIn'; readonly signedIn: SignedIn }
  | {
      readonly kind: 'refused';
      readonly reason: 'SIGN_UP_CLOSED' | 'EMAIL_TAKEN' | 'INVALID_INPUT' | 'TOO_MANY_ATTEMPTS';
    };

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const MAX_EMAIL = 254;

/** Creates a user with an account of their own, and signs them in. */
export class SignUp {
  readonly #isOpen: boolean;
  readonly #identity: Pick<IdentityStore, 'addPerson'>;
  readonly #passwords: PasswordHasher;
  readonly #sessions: Sessions;
  readonly #ids: NewIds;
  readonly #tries: FailureLock;
  readonly #clock: Clock;

  constructor(options: {
    /** Whether strangers can sign up. */
    readonly isOpen: boolean;
    readonly identity: Pick<IdentityStore, 'addPerson'>;
    readonly passwords: PasswordHasher;
    readonly sessions: Sessions;
    readonly ids: NewIds;
    /** By address: how many users it can create. */
    readonly tries: FailureLock;
    readonly clock: Clock;
  }) {
    this.#isOpen = options.isOpen;
    this.#identity = options.identity;
    this.#passwords = options.passwords;
    this.#sessions = options.sessions;
    this.#ids = options.ids;
    this.#tries = options.tries;
    this.#clock = options.clock;
  }

  async run(
    input: { readonly email: string; readonly password: string; readonly name: string },
    origin: ClientOrigin | null,
  ): Promise<SignUpOutcome> {
    if (!this.#isOpen) return { kind: 'refused', reason: 'SIGN_UP_CLOSED' };
    const email = input.email.trim().toLowerCase();
    const name = parseDisplayName(input.name);
    if (name === null || !isSound({ email, password: input.password }))
      return { kind: 'refused', reason: 'INVALID_INPUT' };
    const network = networkOf(origin?.address ?? '');
    if (!this.#tries.admit(network)) return { kind: 'refused', reason: 'TOO_MANY_ATTEMPTS' };
    const place = { network, isKnown: false };
    const passwordHash = await this.#passwords.hash(input.password, place);
    if (passwordHash === null) {
      // A full queue is not the user's fault, so this is no try.
      this.#tries.takeBack(network);
      return { kind: 'refused', reason: 'TOO_MANY_ATTEMPTS' };
    }
    const [userId, accountId, atMs] = [
      this.#ids.userId(),
      this.#ids.accountId(),
      this.#clock.now(),
    ];
    const isNew = await this.#identity.addPerson(
      // Nobody has proved yet that the address is theirs.
      { id: userId, email, name, passwordHash, isEmailVerified: false },
      {
        id: accountId,
        name,
        kind: 'CLIENT',
        tradingState: 'ACTIVE',
        freeze: null,
        closedAtMs: null,
        createdAtMs: atMs,
      },
      {
        userId,
        action: 'SIGNED_UP',
        subjectId: accountId,
        origin,
        atMs,
        apiKeyId: null,
        sessionId: null,
      },
    );
    if (!isNew) return { kind: 'refused', reason: 'EMAIL_TAKEN' };
    return { kind: 'signedIn', signedIn: await this.#sessions.begin(userId, origin) };
  }
}

function isSound({ email, password }: { email: string; password: string }): boolean {
  return email.length <= MAX_EMAIL && EMAIL.test(email) && isSoundPassword(password);
}
