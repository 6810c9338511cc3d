import type { Clock } from '#shared/domain/clock.ts';
import type { SessionId, UserId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import type { AuditStore } from '../audit/audit-trail.ts';

/** What failed. */
type FailedAction = 'SIGN_IN_FAILED' | 'PASSWORD_CHANGE_FAILED' | 'SECOND_FACTOR_FAILED';

/** The user whose password or code was tried, and from where. */
export interface FailedTry {
  readonly userId: UserId;
  /** The session in which something was to be changed; null for a sign-in. */
  readonly sessionId: SessionId | null;
  readonly origin: ClientOrigin | null;
  /** Of the right password with which a code was tried; omitted for everything else. Not recorded. */
  readonly passwordHash?: string;
}

/**
 * Records failed tries at passwords and codes in the trail of their user: also while someone with a stolen key floods it
 * with changes, who may be the one that tries. Few are let through (`FailureLock`).
 */
export class FailedSignIns {
  readonly #trail: Pick<AuditStore, 'appendAnyway'>;
  readonly #report: (cause: unknown) => void;
  readonly #clock: Clock;

  constructor(options: {
    readonly trail: Pick<AuditStore, 'appendAnyway'>;
    /** Receives a failure to record one. */
    readonly report: (cause: unknown) => void;
    readonly clock: Clock;
  }) {
    this.#trail = options.trail;
    this.#report = options.report;
    this.#clock = options.clock;
  }

  /** Not awaited: the time of the answer would reveal that there is such a user. */
  note(
    { userId, sessionId, origin }: FailedTry,
    action: FailedAction = sessionId === null ? 'SIGN_IN_FAILED' : 'PASSWORD_CHANGE_FAILED',
  ): void {
    const record: AuditRecord = {
      userId,
      action,
      subjectId: null,
      origin,
      apiKeyId: null,
      sessionId,
      atMs: this.#clock.now(),
    };
    this.#trail.appendAnyway(record).catch(this.#report);
  }
}
