import type { PreparedStatements } from '#shared/store/prepared-statements.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { SentCommands } from '../domain/ports/outbox.ts';

/** Long enough to find out what happened, or to send all of it again to a ledger that was restored. */
const KEPT = Prisma.sql`interval '7 days'`;
/** What one statement looks at. */
const AT_ONCE = 1000;

/** The part of the outbox in PostgreSQL that the ledger has applied. */
export class PostgresSentCommands implements SentCommands {
  readonly #statements: PreparedStatements;

  constructor(statements: PreparedStatements) {
    this.#statements = statements;
  }

  async removeOld(): Promise<boolean> {
    // They are sent in order, so the oldest are the first: no other index is needed to find them.
    const [row] = await this.#statements.run<{ readonly count: number }>(Prisma.sql`
      WITH oldest AS MATERIALIZED (
        SELECT position, sent_at FROM outbox ORDER BY position LIMIT ${AT_ONCE}
      ), removed AS (
        DELETE FROM outbox USING oldest
        WHERE outbox.position = oldest.position AND oldest.sent_at < now() - ${KEPT}
        RETURNING 1
      )
      SELECT count(*)::int AS count FROM removed`);
    return row !== undefined && row.count > 0;
  }
}
