import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { FailedSignIns } from './failed-sign-ins.ts';
import type { IdentityStore } from '../identity-store.ts';
import { isNoPassword } from '../passwords/password-rules.ts';
import type { PasswordTries } from '../passwords/password-tries.ts';
import type { Sessions, SignedIn } from '../sessions/sessions.ts';
import type { CodeRefusal, SignInCode } from './sign-in-code.ts';

/** The outcome of a sign-in. An unknown user and a wrong password are not distinguished. */
export type SignInOutcome =
  | { readonly kind: 'signedIn'; readonly signedIn: SignedIn }
  | {
      readonly kind: 'refused';
      readonly reason: 'CREDENTIALS_INVALID' | CodeRefusal;
    };

/** What a user types. */
export interface SignInInput {
  readonly email: string;
  readonly password: string;
  /** A code of the second factor, or a recovery code. */
  readonly code: string | null;
  /** Whether all other sessions, and all API keys, end with it. */
  readonly endsOthers: boolean;
}

/** No user has a longer address: looking one up would only cost time. */
const MAX_EMAIL = 1024;

/** Signs a user in with e-mail address, password and, if there is one, the second factor. */
export class SignIn {
  readonly #identity: IdentityStore;
  readonly #tries: PasswordTries;
  readonly #failed: FailedSignIns;
  readonly #code: SignInCode;
  readonly #sessions: Sessions;

  constructor(options: {
    readonly identity: IdentityStore;
    readonly tries: PasswordTries;
    readonly failed: FailedSignIns;
    readonly code: SignInCode;
    readonly sessions: Sessions;
  }) {
    this.#identity = options.identity;
    this.#tries = options.tries;
    this.#failed = options.failed;
    this.#code = options.code;
    this.#sessions = options.sessions;
  }

  async run(input: SignInInput, origin: ClientOrigin | null): Promise<SignInOutcome> {
    const email = input.email.trim().toLowerCase();
    if (email.length > MAX_EMAIL || isNoPassword(input.password))
      return refused('CREDENTIALS_INVALID');
    const attempt = this.#tries.admit(origin);
    if (attempt === null) return refused('TOO_MANY_ATTEMPTS');
    const user = await this.#identity.userByEmail(email);
    const verdict = await attempt.verify(input.password, { email, user });
    if (verdict === 'turnedAway') return refused('TOO_MANY_ATTEMPTS');
    if (user === null) return refused('CREDENTIALS_INVALID');
    const tried = { userId: user.id, sessionId: null, origin };
    if (verdict === 'wrong' || user.passwordHash === null) {
      this.#failed.note(tried);
      return refused('CREDENTIALS_INVALID');
    }
    const { passwordHash } = user;
    const proof = await this.#code.verify({ ...tried, passwordHash }, input.code);
    if (proof.kind === 'refused') {
      attempt.failAtCode(proof.reason);
      return proof;
    }
    attempt.succeed();
    const shown = { passwordHash, code: proof.code, endsOthers: input.endsOthers };
    const beginning = this.#sessions.beginByPassword(user.id, origin, shown);
    const signedIn = await this.#code.useUp(tried, beginning);
    // The password was changed while it was checked.
    if (signedIn === null) return refused('CREDENTIALS_INVALID');
    return 'kind' in signedIn ? signedIn : { kind: 'signedIn', signedIn };
  }
}

function refused(reason: 'CREDENTIALS_INVALID' | CodeRefusal): SignInOutcome {
  return { kind: 'refused', reason };
}
