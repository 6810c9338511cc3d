import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import type { Period } from '#shared/domain/period.ts';
import type { AuditEntry } from './audit-chain.ts';
import { type AuditAction, type AuditRecord, type Caller, recordBy } from './audit-record.ts';

/** A page of a trail, newest first. */
export interface AuditPageKey {
  /** Only entries before this sequence; null for the newest. */
  readonly before: bigint | null;
  /** When it was done. */
  readonly period: Period;
  readonly limit: number;
}

/** The port for storing trails; nothing in them ever changes. */
export interface AuditStore {
  /** @throws DomainError UNAUTHENTICATED if the record's credential has ended, RATE_LIMITED if too much is waiting */
  append(record: AuditRecord): Promise<void>;
  /** Appends what happened to its user, whatever they are doing, and whatever has ended since. */
  appendAnyway(record: AuditRecord): Promise<void>;
  entriesOf(userId: UserId, page: AuditPageKey): Promise<readonly AuditEntry[]>;
}

/**
 * Who did what in whose name, when, from where and with which credential. A change of credentials
 * is recorded in its own transaction; {@link note} is for everything else.
 */
export class AuditTrail {
  readonly #store: AuditStore;
  readonly #clock: Clock;

  constructor(options: { readonly store: AuditStore; readonly clock: Clock }) {
    this.#store = options.store;
    this.#clock = options.clock;
  }

  /** Records what a caller is about to do. */
  note(caller: Caller, action: AuditAction, subjectId: string | null): Promise<void> {
    return this.#store.append(recordBy(caller, action, subjectId, this.#clock.now()));
  }

  /** A user's own trail, newest first. */
  entriesOf(userId: UserId, page: AuditPageKey): Promise<readonly AuditEntry[]> {
    return this.#store.entriesOf(userId, page);
  }
}
