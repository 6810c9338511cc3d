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

/** The port behind which trails are kept; nothing in them is ever changed. */
export interface AuditStore {
  /** @throws DomainError UNAUTHENTICATED when the record's credential has ended */
  append(record: AuditRecord): Promise<void>;
  entriesOf(userId: UserId, page: AuditPageKey): Promise<readonly AuditEntry[]>;
}

/**
 * Who did what in whose name, when, from where and with which credential. What changes credentials is
 * written in the transaction of the change; {@link note} is for what is done elsewhere.
 */
export class AuditTrail {
  readonly #store: AuditStore;
  readonly #clock: Clock;

  constructor(options: { readonly store: AuditStore; readonly clock: Clock }) {
    this.#store = options.store;
    this.#clock = options.clock;
  }

  /** Writes down what a caller is about to do. */
  note(caller: Caller, action: AuditAction, subjectId: string | null): Promise<void> {
    return this.#store.append(recordBy(caller, action, subjectId, this.#clock.now()));
  }

  /** A person's own trail, newest first. */
  entriesOf(userId: UserId, page: AuditPageKey): Promise<readonly AuditEntry[]> {
    return this.#store.entriesOf(userId, page);
  }
}
