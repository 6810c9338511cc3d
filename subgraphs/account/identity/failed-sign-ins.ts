import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { AuditRecord } from './audit-record.ts';
import type { AuditStore } from './audit-trail.ts';

/** Writes failed sign-ins into the trail of the person who was tried. */
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
  note(userId: UserId, origin: ClientOrigin | null): void {
    const record: AuditRecord = {
      userId,
      action: 'SIGN_IN_FAILED',
      subjectId: null,
      origin,
      apiKeyId: null,
      sessionId: null,
      atMs: this.#clock.now(),
    };
    this.#trail.append(record).catch(this.#report);
  }
}
