import type { Clock } from '#shared/domain/clock.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type Caller, recordBy } from '../audit/audit-record.ts';
import type { PasswordHasher, RefreshTokenSecrets } from '../credentials.ts';
import type { FailedSignIns, FailedTry } from '../sign-in/failed-sign-ins.ts';
import { isNoPassword, isSoundPassword } from './password-rules.ts';
import type { PasswordOwner, PasswordStore } from './password-store.ts';
import type { PasswordTries, PasswordTry } from './password-tries.ts';
import type { RightCode } from '../second-factor/right-code.ts';
import type { Sessions, SignedIn } from '../sessions/sessions.ts';
import type { CodeRefusal, SignInCode } from '../sign-in/sign-in-code.ts';

/** Why the password is unchanged. */
type ChangePasswordRefusal =
  'NEW_PASSWORD_INVALID' | 'NO_PASSWORD' | 'PASSWORD_INVALID' | CodeRefusal;

interface Refused {
  readonly kind: 'refused';
  readonly reason: ChangePasswordRefusal;
}

/** The outcome of a change. */
type ChangePasswordOutcome =
  | { readonly kind: 'changed'; readonly signedIn: SignedIn; readonly endedSessions: number }
  | Refused;

/** What a user types. */
export interface ChangePasswordInput {
  readonly currentPassword: string;
  readonly newPassword: string;
  /** A code of the second factor, or a recovery code. */
  readonly code: string | null;
}

/** The user who changes their password, and their session. */
type Changer = FailedTry & { readonly sessionId: NonNullable<FailedTry['sessionId']> };

/**
 * Lets a signed-in user change their password. They show the current one, and the second factor, as for a sign-in
 * and within the same limits: a stolen session guesses no better than a stranger.
 */
export class ChangePassword {
  readonly #store: PasswordStore;
  readonly #passwords: Pick<PasswordHasher, 'hash'>;
  readonly #tries: PasswordTries;
  readonly #failed: FailedSignIns;
  readonly #code: SignInCode;
  readonly #refreshTokens: Pick<RefreshTokenSecrets, 'make'>;
  readonly #sessions: Pick<Sessions, 'tokensOf'>;
  readonly #clock: Clock;

  constructor(options: {
    readonly store: PasswordStore;
    readonly passwords: Pick<PasswordHasher, 'hash'>;
    readonly tries: PasswordTries;
    readonly failed: FailedSignIns;
    readonly code: SignInCode;
    readonly refreshTokens: Pick<RefreshTokenSecrets, 'make'>;
    readonly sessions: Pick<Sessions, 'tokensOf'>;
    readonly clock: Clock;
  }) {
    this.#store = options.store;
    this.#passwords = options.passwords;
    this.#tries = options.tries;
    this.#failed = options.failed;
    this.#code = options.code;
    this.#refreshTokens = options.refreshTokens;
    this.#sessions = options.sessions;
    this.#clock = options.clock;
  }

  /** @param caller with a session, not a key */
  async run(caller: Caller, input: ChangePasswordInput): Promise<ChangePasswordOutcome> {
    const { viewer, origin } = caller;
    const { userId, credential } = viewer;
    invariant(credential.kind === 'session', 'a password is changed by an API key');
    const { sessionId } = credential;
    if (!isSoundPassword(input.newPassword)) return refused('NEW_PASSWORD_INVALID');
    const owner = await this.#store.ownerOf(userId);
    invariant(owner !== null, `the caller ${userId} is not known`);
    if (owner.passwordHash === null) return refused('NO_PASSWORD');
    if (isNoPassword(input.currentPassword)) return refused('PASSWORD_INVALID');
    const attempt = this.#tries.admit(origin);
    if (attempt === null) return refused('TOO_MANY_ATTEMPTS');
    const changer = { userId, sessionId, origin };
    const proof = await this.#prove(attempt, changer, { input, owner });
    if (proof.kind === 'refused') return proof;
    const to = await this.#passwords.hash(input.newPassword, attempt.place);
    if (to === null) {
      attempt.takeBack();
      return refused('TOO_MANY_ATTEMPTS');
    }
    attempt.succeed();
    const proven = { ...caller, code: proof.code };
    const changing = this.#change(proven, changer, { from: owner.passwordHash, to });
    return this.#code.useUp(changer, changing);
  }

  /** Checks the current password, and then the code. */
  async #prove(
    attempt: PasswordTry,
    changer: Changer,
    { input, owner }: { readonly input: ChangePasswordInput; readonly owner: PasswordOwner },
  ): Promise<Refused | { readonly kind: 'proven'; readonly code?: RightCode }> {
    const tried = { email: owner.email, user: owner };
    const verdict = await attempt.verify(input.currentPassword, tried);
    if (verdict === 'turnedAway') return refused('TOO_MANY_ATTEMPTS');
    if (verdict === 'wrong') {
      this.#failed.note(changer);
      return refused('PASSWORD_INVALID');
    }
    const proof = await this.#code.verify(changer, input.code);
    if (proof.kind === 'refused') attempt.failAtCode(proof.reason);
    return proof;
  }

  async #change(
    caller: Caller,
    { userId, sessionId }: Changer,
    hashes: { readonly from: string; readonly to: string },
  ): Promise<ChangePasswordOutcome> {
    const { text, familyHash, tokenHash } = this.#refreshTokens.make(sessionId);
    const record = recordBy(caller, 'PASSWORD_CHANGED', userId, this.#clock.now());
    const changed = await this.#store.change({ ...hashes, familyHash, tokenHash }, record);
    // Another change was made in the meantime.
    if (changed === null) return refused('PASSWORD_INVALID');
    const { session, endedSessions } = changed;
    const signedIn = await this.#sessions.tokensOf(session, text);
    return { kind: 'changed', signedIn, endedSessions };
  }
}

function refused(reason: ChangePasswordRefusal): Refused {
  return { kind: 'refused', reason };
}
