import { assertNever } from '#shared/domain/invariant.ts';
import type { Caller } from './audit-record.ts';
import type { SecondFactor } from './second-factor.ts';
import type { CodeRefusal } from './sign-in-code.ts';

/**
 * Asks signed-in users with a second factor for a code, for what a stolen session would otherwise turn into something
 * that lasts: a key, a member, money sent out. API keys are not asked: they never exceed what they were made with.
 */
export class SessionCode {
  readonly #secondFactor: Pick<SecondFactor, 'isOn' | 'checkInSession'>;

  constructor(secondFactor: Pick<SecondFactor, 'isOn' | 'checkInSession'>) {
    this.#secondFactor = secondFactor;
  }

  /**
   * Null if the code is right, or none is needed. A right code is used up, so this comes after all other checks.
   * @param use see {@link SecondFactor.checkInSession}
   */
  async refusalOf(
    caller: Caller,
    code: string | null,
    use: string | null = null,
  ): Promise<CodeRefusal | null> {
    const { credential, userId } = caller.viewer;
    if (credential.kind !== 'session') return null;
    if (code === null)
      return (await this.#secondFactor.isOn(userId)) ? 'SECOND_FACTOR_NEEDED' : null;
    const verdict = await this.#secondFactor.checkInSession(caller, code, use);
    switch (verdict) {
      case 'right':
      case 'notNeeded':
        return null;
      case 'wrong':
        return 'SECOND_FACTOR_INVALID';
      case 'locked':
        return 'TOO_MANY_ATTEMPTS';
      default:
        return assertNever(verdict, 'SessionCode');
    }
  }
}
