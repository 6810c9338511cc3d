import { parseSessionId, parseUserId, trusted } from '#shared/domain/ids.ts';
import type { Session as SessionRow } from '../__generated__/prisma/client.ts';
import type { SessionWithHashes } from '../identity/sessions/session-store.ts';

/** The condition that a session is valid at this time. */
export function liveAt(atMs: number) {
  return { endedAt: null, expiresAt: { gt: new Date(atMs) } };
}

/** A row of `sessions`. */
export function sessionOf(row: SessionRow): SessionWithHashes {
  return {
    id: trusted(parseSessionId, row.id),
    userId: trusted(parseUserId, row.userId),
    origin: row.address === null ? null : { address: row.address, userAgent: row.userAgent },
    createdAtMs: row.createdAt.getTime(),
    refreshedAtMs: row.refreshedAt.getTime(),
    expiresAtMs: row.expiresAt.getTime(),
    endedAtMs: row.endedAt?.getTime() ?? null,
    familyHash: row.familyHash,
    tokenHash: row.tokenHash,
    retryKeyHash: row.retryKeyHash,
  };
}
