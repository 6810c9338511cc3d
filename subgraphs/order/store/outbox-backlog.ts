import type { PreparedStatements } from '#shared/store/prepared-statements.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import { NO_BACKLOG, type OutboxBacklog } from '../domain/ports/outbox.ts';

/** What one look counts at most: it is read again and again, also while the ledger is away for hours. */
const MOST_COUNTED = 100_000;

/** What waits in the outbox in PostgreSQL, whoever owns the books. */
export async function readBacklog(statements: PreparedStatements): Promise<OutboxBacklog> {
  const [row] = await statements.run<{ readonly unsent: number; readonly oldest: number }>(
    Prisma.sql`
      WITH waiting AS MATERIALIZED (
        SELECT created_at FROM outbox WHERE sent_at IS NULL ORDER BY position LIMIT ${MOST_COUNTED}
      )
      SELECT count(*)::int AS unsent,
        greatest(0, coalesce(extract(epoch FROM now() - min(created_at)), 0))::float8 AS oldest
      FROM waiting`,
  );
  return row === undefined ? NO_BACKLOG : { unsent: row.unsent, oldestSeconds: row.oldest };
}
