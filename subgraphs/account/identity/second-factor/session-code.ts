import { assertNever } from '#shared/domain/invariant.ts';
import type { Caller } from '../audit/audit-record.ts';
import { unlessCodeUsed } from './right-code.ts';
import type { SecondFactor } from './second-factor.ts';
import { codeRefused, type CodeRefusal, type CodeRefused } from '../sign-in/sign-in-code.ts';

/**
 * Asks signed-in users with a second factor for a code, for what a stolen session would otherwise turn into something
 * that lasts: a key, a member, money sent out. API keys are not asked: they never exceed what they were made with.
 */
export class SessionCode {
  readonly #secondFactor: Pick<SecondFactor, 'isOn' | 'checkInSession' | 'verifyInSession'>;

  constructor(secondFactor: Pick<SecondFactor, 'isOn' | 'checkInSession' | 'verifyInSession'>) {
    this.#secondFactor = secondFactor;
  }

  /**
   * Makes a change if the code is right, or none is needed. The code is used up in the change's own transaction, with
   * its audit record: whatever is refused for another reason, or fails, leaves the code as it is.
   * @param change records what it does with the caller that it is given, which carries the code
   */
  async guard<Outcome>(
    caller: Caller,
    code: string | null,
    change: (proven: Caller) => Promise<Outcome>,
  ): Promise<Outcome | CodeRefused> {
    if (caller.viewer.credential.kind !== 'session') return change(caller);
    if (code === null) return (await this.#isMissing(caller)) ?? change(caller);
    const verdict = await this.#secondFactor.verifyInSession(caller, code);
    if (verdict.kind !== 'right') return refusalFor(verdict.kind) ?? change(caller);
    const changing = change({ ...caller, code: verdict.code });
    return unlessCodeUsed(changing, () => codeRefused('SECOND_FACTOR_INVALID'));
  }

  /** Whether a code is asked for. */
  async isAsked({ viewer: { userId, credential } }: Caller): Promise<boolean> {
    return credential.kind === 'session' && (await this.#secondFactor.isOn(userId));
  }

  /**
   * Null if the code is right, or none is needed. A right code is used up at once, for what has no transaction here:
   * so this comes after all other checks.
   * @param use see {@link SecondFactor.checkInSession}
   */
  async refusalOf(caller: Caller, code: string | null, use: string): Promise<CodeRefusal | null> {
    if (caller.viewer.credential.kind !== 'session') return null;
    const refusal =
      code === null
        ? await this.#isMissing(caller)
        : refusalFor(await this.#secondFactor.checkInSession(caller, code, use));
    return refusal?.reason ?? null;
  }

  async #isMissing({ viewer: { userId } }: Caller): Promise<CodeRefused | null> {
    return (await this.#secondFactor.isOn(userId)) ? codeRefused('SECOND_FACTOR_NEEDED') : null;
  }
}

/** Null for a code that is right, or not needed. */
function refusalFor(verdict: 'notNeeded' | 'right' | 'wrong' | 'locked'): CodeRefused | null {
  switch (verdict) {
    case 'right':
    case 'notNeeded':
      return null;
    case 'wrong':
      return codeRefused('SECOND_FACTOR_INVALID');
    case 'locked':
      return codeRefused('TOO_MANY_ATTEMPTS');
    default:
      return assertNever(verdict, 'SessionCode');
  }
}
