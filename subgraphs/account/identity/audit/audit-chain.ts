import { createHash } from 'node:crypto';
import { toTimestamp } from '#shared/domain/clock.ts';
import type { AuditRecord } from './audit-record.ts';

/** A record in its trail: its hash covers all of it and the previous hash. */
export interface AuditEntry extends AuditRecord {
  /** 1, 2, 3 … in each user's trail. */
  readonly sequence: bigint;
  readonly previousHash: string;
  readonly hash: string;
}

/** The end of a trail, to which the next entry is chained. */
export type AuditHead = Pick<AuditEntry, 'sequence' | 'hash' | 'atMs'>;

/** The hash before a trail's first entry. */
export const NO_ENTRIES: AuditHead = { sequence: 0n, hash: '0'.repeat(64), atMs: 0 };

/**
 * Chains a record to the previous one. The hash is the SHA-256, in hexadecimal, of these lines:
 * previous hash, user, sequence, action, time, key, session, subject, address, user agent; null is
 * an empty line. So nothing can be changed, removed or inserted without a trace. No entry is older
 * than the previous one, whichever process wrote that: the entries of a period are found by their
 * times.
 */
export function chained(record: AuditRecord, last: AuditHead) {
  const [sequence, previousHash] = [last.sequence + 1n, last.hash];
  const atMs = Math.max(record.atMs, last.atMs);
  const lines = [
    previousHash,
    record.userId,
    sequence,
    record.action,
    toTimestamp(atMs),
    record.apiKeyId ?? '',
    record.sessionId ?? '',
    record.subjectId ?? '',
    record.origin?.address ?? '',
    record.origin?.userAgent ?? '',
  ];
  const hash = createHash('sha256').update(lines.join('\n')).digest('hex');
  const entry: AuditEntry = { ...record, atMs, sequence, previousHash, hash };
  return entry;
}
