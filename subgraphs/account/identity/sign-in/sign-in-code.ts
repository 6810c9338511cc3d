import type { FailedSignIns, FailedTry } from './failed-sign-ins.ts';
import { type RightCode, unlessCodeUsed } from '../second-factor/right-code.ts';
import type { SecondFactor } from '../second-factor/second-factor.ts';

/** Why a user whose password or token is right is not signed in. */
export type CodeRefusal = 'SECOND_FACTOR_NEEDED' | 'SECOND_FACTOR_INVALID' | 'TOO_MANY_ATTEMPTS';

/** Nothing was done, because of the code. */
export interface CodeRefused {
  readonly kind: 'refused';
  readonly reason: CodeRefusal;
}

/** Whether a user has proved that they have their second factor; the code is to be used up, if it takes one. */
type CodeProof = CodeRefused | { readonly kind: 'proven'; readonly code?: RightCode };

/** The second step of every sign-in: the code, for users with a second factor. */
export class SignInCode {
  readonly #secondFactor: Pick<SecondFactor, 'isOn' | 'verify'>;
  readonly #failed: Pick<FailedSignIns, 'note'>;

  constructor(options: {
    readonly secondFactor: Pick<SecondFactor, 'isOn' | 'verify'>;
    readonly failed: Pick<FailedSignIns, 'note'>;
  }) {
    this.#secondFactor = options.secondFactor;
    this.#failed = options.failed;
  }

  /** Checks a code, and leaves a right one to be used up by {@link SignInCode.useUp}; a wrong one is recorded. */
  async verify(tried: FailedTry, code: string | null): Promise<CodeProof> {
    if (code === null) {
      const isNeeded = await this.#secondFactor.isOn(tried.userId);
      return isNeeded ? codeRefused('SECOND_FACTOR_NEEDED') : { kind: 'proven' };
    }
    const checked = await this.#secondFactor.verify(tried, code);
    switch (checked.kind) {
      case 'right':
        return { kind: 'proven', code: checked.code };
      case 'notNeeded':
        return { kind: 'proven' };
      case 'locked':
        return codeRefused('TOO_MANY_ATTEMPTS');
      case 'wrong':
        return this.#isWrong(tried);
    }
  }

  /** Waits for what uses a right code up. If that was used in the meantime, nothing was done, and it is recorded. */
  useUp<Outcome>(tried: FailedTry, change: Promise<Outcome>): Promise<Outcome | CodeRefused> {
    return unlessCodeUsed(change, () => this.#isWrong(tried));
  }

  #isWrong(tried: FailedTry): CodeRefused {
    this.#failed.note(tried);
    return codeRefused('SECOND_FACTOR_INVALID');
  }
}

/** The refusal for a reason. */
export function codeRefused(reason: CodeRefusal): CodeRefused {
  return { kind: 'refused', reason };
}
