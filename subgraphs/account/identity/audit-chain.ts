import { createHash } from 'node:crypto';
import { toTimestamp } from '#shared/domain/clock.ts';
import type { AuditRecord } from './audit-record.ts';

/** A record in its place: its hash covers all of it and the hash before it. */
export interface AuditEntry extends AuditRecord {
  /** 1, 2, 3 … in each person's trail. */
  readonly sequence: bigint;
  readonly previousHash: string;
  readonly hash: string;
}

/** The end of a trail, which the next entry is chained to. */
export type AuditHead = Pick<AuditEntry, 'sequence' | 'hash'>;

/** What a trail begins behind. */
export const NO_ENTRIES: AuditHead = { sequence: 0n, hash: '0'.repeat(64) };

/**
 * Chains a record to what was written before. The hash is the SHA-256, in hexadecimal, of these lines:
 * the hash before, user, sequence, action, time, key, sign-in, subject, address, user agent; what is
 * null is an empty line. So nothing can be changed, left out or put in between without a trace.
 */
export function chained(record: AuditRecord, { sequence: last, hash: previousHash }: AuditHead) {
  const sequence = last + 1n;
  const lines = [
    previousHash,
    record.userId,
    sequence,
    record.action,
    toTimestamp(record.atMs),
    record.apiKeyId ?? '',
    record.sessionId ?? '',
    record.subjectId ?? '',
    record.origin?.address ?? '',
    record.origin?.userAgent ?? '',
  ];
  const hash = createHash('sha256').update(lines.join('\n')).digest('hex');
  const entry: AuditEntry = { ...record, sequence, previousHash, hash };
  return entry;
}
