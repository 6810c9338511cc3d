import type { FailedSignIns, FailedTry } from './failed-sign-ins.ts';
import type { SecondFactor } from './second-factor.ts';

/** Why a user whose password or token is right is not signed in. */
export type CodeRefusal = 'SECOND_FACTOR_NEEDED' | 'SECOND_FACTOR_INVALID' | 'TOO_MANY_ATTEMPTS';

/** The second step of every sign-in: the code, for users with a second factor. */
export class SignInCode {
  readonly #secondFactor: SecondFactor;
  readonly #failed: FailedSignIns;

  constructor(options: { readonly secondFactor: SecondFactor; readonly failed: FailedSignIns }) {
    this.#secondFactor = options.secondFactor;
    this.#failed = options.failed;
  }

  /** Null if the code is right, or none is needed; a wrong one is recorded. */
  async refusalOf(tried: FailedTry, code: string | null): Promise<CodeRefusal | null> {
    if (code === null)
      return (await this.#secondFactor.isOn(tried.userId)) ? 'SECOND_FACTOR_NEEDED' : null;
    const verdict = await this.#secondFactor.check(tried, code);
    if (verdict === 'locked') return 'TOO_MANY_ATTEMPTS';
    if (verdict !== 'wrong') return null;
    this.#failed.note(tried);
    return 'SECOND_FACTOR_INVALID';
  }
}
