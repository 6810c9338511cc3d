import type { PreparedStatements } from '#shared/store/prepared-statements.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { FundsCommand } from '../domain/ports/funds.ts';
import type { Outbox, OutboxEntry } from '../domain/ports/outbox.ts';
import type { PostgresOwnerLease } from './owner-lease.ts';

interface OutboxRow {
  readonly position: string;
  readonly kind: string;
  readonly payload: unknown;
}

/** The outbox in PostgreSQL, written by the journal's turns. */
export class PostgresOutbox implements Outbox {
  readonly #statements: PreparedStatements;
  readonly #lease: PostgresOwnerLease;

  constructor(statements: PreparedStatements, lease: PostgresOwnerLease) {
    this.#statements = statements;
    this.#lease = lease;
  }

  async unsent(limit: number): Promise<readonly OutboxEntry[]> {
    const rows = await this.#statements.run<OutboxRow>(Prisma.sql`
      SELECT position, kind, payload FROM outbox
      WHERE sent_at IS NULL ORDER BY position LIMIT ${limit}`);
    return rows.map(({ position, kind, payload }) => ({
      position: BigInt(position),
      command: { [kind]: payload } as FundsCommand,
    }));
  }

  async markSent(positions: readonly bigint[]): Promise<void> {
    try {
      await this.#statements.run(Prisma.sql`
        WITH ${this.#lease.fence()}
        UPDATE outbox SET sent_at = now() FROM fence
        WHERE is_owner AND position = ANY(${positions}::bigint[])`);
    } catch (cause) {
      throw this.#lease.explain(cause);
    }
  }
}
