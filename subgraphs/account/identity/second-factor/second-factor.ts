import { randomBytes } from 'node:crypto';
import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import {
  type AuditAction,
  type AuditRecord,
  type Caller,
  recordBy,
} from '../audit/audit-record.ts';
import type { FailedSignIns, FailedTry } from '../sign-in/failed-sign-ins.ts';
import type { FailureLock } from '../failure-lock.ts';
import type { IdentityProof, IdentityProofRefusal, ShownIdentity } from './identity-proof.ts';
import type { IdentityStore } from '../identity-store.ts';
import type { KnownNetworks } from '../known-networks.ts';
import { hashOfSecret } from '../checksummed-text.ts';
import { hashOfRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import { type CheckedCode, type RightCode, unlessCodeUsed } from './right-code.ts';
import type { SecondFactorStore } from './second-factor-store.ts';
import type { SecretSeal } from './secret-seal.ts';
import { base32, matchingCounter, otpauthUri } from './totp.ts';

/** Why nothing was changed. */
type SecondFactorRefusal =
  'ALREADY_ON' | 'NOT_ON' | 'NOT_STARTED' | 'CODE_INVALID' | IdentityProofRefusal;

interface Refused {
  readonly kind: 'refused';
  readonly reason: SecondFactorRefusal;
}
/** A secret for the user's device, shown once. */
export type StartOutcome =
  { readonly kind: 'started'; readonly secret: string; readonly uri: string } | Refused;
/** New recovery codes, shown once. */
export type CodesOutcome =
  { readonly kind: 'codes'; readonly recoveryCodes: readonly string[] } | Refused;
/** It is off. */
export type RemoveSecondFactorOutcome = { readonly kind: 'removed' } | Refused;

const SECRET_BYTES = 20;
const TOTP_FORM = /^\d{6}$/;

/**
 * Time-based codes as a second factor, with recovery codes for when the device is lost. Each code
 * is valid once, and there are five tries before a wait, which holds for codes of the device alone: nobody guesses one for
 * recovery. Each session has tries of its own, and so has each network where the user is known: what is guessed in a
 * stolen session, wherever that is, leaves the user's other sessions and sign-ins alone, and what is guessed with a stolen
 * password leaves all sessions alone.
 */
export class SecondFactor {
  readonly #store: SecondFactorStore;
  readonly #users: Pick<IdentityStore, 'userById'>;
  readonly #seal: SecretSeal;
  readonly #failures: FailureLock;
  readonly #sessionFailures: FailureLock;
  readonly #knownNetworks: Pick<KnownNetworks, 'hasSeen'>;
  readonly #failed: Pick<FailedSignIns, 'note'>;
  readonly #proof: Pick<IdentityProof, 'refusalOf'>;
  readonly #clock: Clock;

  constructor(options: {
    readonly store: SecondFactorStore;
    readonly users: Pick<IdentityStore, 'userById'>;
    readonly seal: SecretSeal;
    /** For codes that are shown with a password or an ID token, and for nothing else. */
    readonly failures: FailureLock;
    /** For codes that are shown in a session, without a password. */
    readonly sessionFailures: FailureLock;
    readonly knownNetworks: Pick<KnownNetworks, 'hasSeen'>;
    readonly failed: Pick<FailedSignIns, 'note'>;
    readonly proof: Pick<IdentityProof, 'refusalOf'>;
    readonly clock: Clock;
  }) {
    this.#store = options.store;
    this.#users = options.users;
    this.#seal = options.seal;
    this.#failures = options.failures;
    this.#sessionFailures = options.sessionFailures;
    this.#knownNetworks = options.knownNetworks;
    this.#failed = options.failed;
    this.#proof = options.proof;
    this.#clock = options.clock;
  }

  /** A user's second factor. */
  async stateOf(userId: UserId) {
    const factor = await this.#store.factorOf(userId);
    const confirmedAtMs = factor?.confirmedAtMs ?? null;
    return { confirmedAtMs, recoveryCodesLeft: factor?.recoveryCodesLeft ?? 0 };
  }

  /**
   * Returns a secret for the user's device; {@link confirm} turns it on.
   * @param shown what the user signs in with: otherwise a thief with a session could lock them out
   */
  async start(caller: Caller, shown: ShownIdentity): Promise<StartOutcome> {
    const { userId } = caller.viewer;
    if (await this.isOn(userId)) return refused('ALREADY_ON');
    const unproved = await this.#proof.refusalOf(caller, shown);
    if (unproved !== null) return refused(unproved);
    const user = await this.#users.userById(userId);
    invariant(user !== null, `the caller ${userId} is not known`);
    const secret = randomBytes(SECRET_BYTES);
    const isStarted = await this.#store.start(userId, this.#seal.seal(secret, userId));
    if (!isStarted) return refused('ALREADY_ON');
    return { kind: 'started', secret: base32(secret), uri: otpauthUri(secret, user.email) };
  }

  /** Turns it on for a user whose device shows the right code. */
  async confirm(caller: Caller, code: string): Promise<CodesOutcome> {
    const { userId } = caller.viewer;
    const factor = await this.#store.factorOf(userId);
    if (factor === null) return refused('NOT_STARTED');
    if (factor.confirmedAtMs !== null) return refused('ALREADY_ON');
    const name = this.#nameOf(triedBy(caller));
    if (!this.#sessionFailures.admit(name)) return refused('TOO_MANY_ATTEMPTS');
    const counter = this.#counterOf(userId, factor.sealedSecret, code);
    if (counter === null) return refused('CODE_INVALID');
    const recoveryCodes = newRecoveryCodes();
    const codeHashes = recoveryCodes.map(hashOfRecoveryCode);
    const change = { sealedSecret: factor.sealedSecret, counter, codeHashes };
    const isOn = await this.#store.confirm(change, this.#recordOf(caller, 'SECOND_FACTOR_ON'));
    if (!isOn) return refused('CODE_INVALID');
    this.#sessionFailures.clear(name);
    return { kind: 'codes', recoveryCodes };
  }

  /** Replaces the recovery codes with ten new ones. */
  async renewRecoveryCodes(caller: Caller, code: string): Promise<CodesOutcome> {
    return this.#withCode(caller, code, async (proven) => {
      const recoveryCodes = newRecoveryCodes();
      const record = this.#recordOf(proven, 'RECOVERY_CODES_RENEWED');
      await this.#store.renewRecoveryCodes(recoveryCodes.map(hashOfRecoveryCode), record);
      return { kind: 'codes', recoveryCodes };
    });
  }

  /** Turns it off. */
  async remove(caller: Caller, code: string): Promise<RemoveSecondFactorOutcome> {
    return this.#withCode(caller, code, async (proven) => {
      await this.#store.remove(this.#recordOf(proven, 'SECOND_FACTOR_OFF'));
      return { kind: 'removed' };
    });
  }

  /**
   * Checks a code, from the device or a recovery code, of a user whose password is right, and leaves a right one to be
   * used up by what it is shown for.
   */
  verify(tried: FailedTry, text: string): Promise<CheckedCode> {
    return this.#check(tried, text, this.#failures, this.#isUnused(tried));
  }

  /** The same for a code that is shown in a session; a wrong one is recorded. */
  verifyInSession(caller: Caller, text: string): Promise<CheckedCode> {
    const tried = triedBy(caller);
    return this.#checkInSession(tried, text, this.#isUnused(tried));
  }

  /**
   * Checks a code that is shown in a session, and uses it up; a wrong one is recorded.
   * @param use all of what the code is shown for, as text, which takes effect once however often it is asked for: the
   *   same code is right for the same use again
   */
  async checkInSession(caller: Caller, text: string, use: string): Promise<CheckedCode['kind']> {
    const tried = triedBy(caller);
    return (await this.#checkInSession(tried, text, (code) => this.#use(tried, code, use))).kind;
  }

  async #checkInSession(
    tried: FailedTry,
    text: string,
    isGood: (code: RightCode) => Promise<boolean>,
  ): Promise<CheckedCode> {
    const checked = await this.#check(tried, text, this.#sessionFailures, isGood);
    if (checked.kind === 'wrong') this.#failed.note(tried, 'SECOND_FACTOR_FAILED');
    return checked;
  }

  async #check(
    tried: FailedTry,
    text: string,
    failures: FailureLock,
    isGood: (code: RightCode) => Promise<boolean>,
  ): Promise<CheckedCode> {
    const { userId } = tried;
    const factor = await this.#store.factorOf(userId);
    if (factor === null || factor.confirmedAtMs === null) return { kind: 'notNeeded' };
    const name = this.#nameOf(tried);
    const isAdmitted = failures.admit(name);
    // So guesses keep out nobody who has a recovery code.
    if (!isAdmitted && TOTP_FORM.test(text)) return { kind: 'locked' };
    const code = this.#codeOf(userId, factor.sealedSecret, text);
    if (code === null || !(await isGood(code))) return { kind: isAdmitted ? 'wrong' : 'locked' };
    failures.clear(name);
    return { kind: 'right', code };
  }

  /** Whether this user needs a code for signing in. */
  async isOn(userId: UserId): Promise<boolean> {
    return (await this.stateOf(userId)).confirmedAtMs !== null;
  }

  /** Makes a change of the second factor with a right code, which is used up in the change's own transaction. */
  async #withCode<Outcome>(
    caller: Caller,
    text: string,
    change: (proven: Caller) => Promise<Outcome>,
  ): Promise<Outcome | Refused> {
    const checked = await this.verifyInSession(caller, text);
    const isWrong = () => refused('CODE_INVALID');
    switch (checked.kind) {
      case 'right':
        return unlessCodeUsed(change({ ...caller, code: checked.code }), isWrong);
      case 'wrong':
        return isWrong();
      case 'locked':
        return refused('TOO_MANY_ATTEMPTS');
      case 'notNeeded':
        return refused('NOT_ON');
    }
  }

  #isUnused({ userId }: FailedTry): (code: RightCode) => Promise<boolean> {
    return (code) => this.#store.isUnused(userId, code);
  }

  /** The code that a text can be; whether there is such a recovery code is not known. Null for a wrong one. */
  #codeOf(userId: UserId, sealedSecret: string, text: string): RightCode | null {
    if (!TOTP_FORM.test(text)) return { kind: 'forRecovery', codeHash: hashOfRecoveryCode(text) };
    const counter = this.#counterOf(userId, sealedSecret, text);
    return counter === null ? null : { kind: 'ofDevice', counter };
  }

  #use({ userId, sessionId, origin }: FailedTry, code: RightCode, use: string): Promise<boolean> {
    if (code.kind === 'ofDevice')
      return this.#store.useCounter(userId, code.counter, hashOfUse(`${code.counter}`, use));
    const record: AuditRecord = {
      userId,
      action: 'RECOVERY_CODE_USED',
      subjectId: null,
      origin,
      apiKeyId: null,
      sessionId,
      atMs: this.#clock.now(),
    };
    const { codeHash } = code;
    return this.#store.useRecoveryCode(codeHash, record, hashOfUse(codeHash, use));
  }

  /**
   * Null for a wrong code; also for a secret sealed with another key, when only recovery codes
   * help.
   */
  #counterOf(userId: UserId, sealedSecret: string, code: string): bigint | null {
    const secret = this.#seal.open(sealedSecret, userId);
    return secret === null ? null : matchingCounter(secret, code, this.#clock.now());
  }

  /**
   * Whose tries are counted together: those with one password or with ID tokens, or those in one session; at each
   * network of the user's apart from those elsewhere. Whoever guessed with a password that the user has changed since
   * can guess no more, and keeps them from nothing.
   */
  #nameOf({ userId, sessionId, origin, passwordHash = '' }: FailedTry): string {
    const network = networkOf(origin?.address ?? '');
    const isKnown = this.#knownNetworks.hasSeen(userId, network);
    const shown = sessionId ?? hashOfSecret(passwordHash);
    return [userId, shown, isKnown ? network : ''].join(' ');
  }

  #recordOf(caller: Caller, action: AuditAction) {
    return recordBy(caller, action, null, this.#clock.now());
  }
}

/** @param codeId what identifies the code, however it is written */
function hashOfUse(codeId: string, use: string): string {
  return hashOfSecret(`${codeId} ${use}`);
}

function triedBy({ viewer: { userId, credential }, origin }: Caller): FailedTry {
  const sessionId = credential.kind === 'session' ? credential.sessionId : null;
  return { userId, sessionId, origin };
}

function refused(reason: SecondFactorRefusal): Refused {
  return { kind: 'refused', reason };
}
