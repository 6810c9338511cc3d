import type { UserId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { FailedSignIns } from './failed-sign-ins.ts';
import type { SecondFactor } from './second-factor.ts';

/** Why a person is not signed in whose password or token is right. */
export type CodeRefusal = 'SECOND_FACTOR_NEEDED' | 'SECOND_FACTOR_INVALID' | 'TOO_MANY_ATTEMPTS';

/** The second step of every way to sign in: the code, for those who have a second factor. */
export class SignInCode {
  readonly #secondFactor: SecondFactor;
  readonly #failed: FailedSignIns;

  constructor(options: { readonly secondFactor: SecondFactor; readonly failed: FailedSignIns }) {
    this.#secondFactor = options.secondFactor;
    this.#failed = options.failed;
  }

  /** Null if the code is right, or none is needed; a wrong one is written down. */
  async refusalOf(
    userId: UserId,
    code: string | null,
    origin: ClientOrigin | null,
  ): Promise<CodeRefusal | null> {
    if (code === null)
      return (await this.#secondFactor.isOn(userId)) ? 'SECOND_FACTOR_NEEDED' : null;
    const verdict = await this.#secondFactor.check(userId, code, origin);
    if (verdict === 'locked') return 'TOO_MANY_ATTEMPTS';
    if (verdict !== 'wrong') return null;
    this.#failed.note(userId, origin);
    return 'SECOND_FACTOR_INVALID';
  }
}
