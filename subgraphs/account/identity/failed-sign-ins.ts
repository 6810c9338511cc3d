import type { Clock } from '#shared/domain/clock.ts';
import type { SessionId, UserId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { AuditRecord } from './audit-record.ts';
import type { AuditStore } from './audit-trail.ts';

/** Whose password or code was tried, and from where. */
export interface FailedTry {
  readonly userId: UserId;
  /** The session in which the password was to be changed; null for a sign-in. */
  readonly sessionId: SessionId | null;
  readonly origin: ClientOrigin | null;
}

/** Writes failed tries at passwords and codes into the trail of the person who was tried. */
export class FailedSignIns {
  readonly #trail: Pick<AuditStore, 'append'>;
  readonly #report: (cause: unknown) => void;
  readonly #clock: Clock;

  constructor(options: {
    readonly trail: Pick<AuditStore, 'append'>;
    /** Told when one could not be written down. */
    readonly report: (cause: unknown) => void;
    readonly clock: Clock;
  }) {
    this.#trail = options.trail;
    this.#report = options.report;
    this.#clock = options.clock;
  }

  /** Beside the answer, whose time would otherwise reveal that there is such a person. */
  note({ userId, sessionId, origin }: FailedTry): void {
    const record: AuditRecord = {
      userId,
      action: sessionId === null ? 'SIGN_IN_FAILED' : 'PASSWORD_CHANGE_FAILED',
      subjectId: null,
      origin,
      apiKeyId: null,
      sessionId,
      atMs: this.#clock.now(),
    };
    this.#trail.append(record).catch(this.#report);
  }
}
