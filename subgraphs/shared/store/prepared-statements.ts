import { createHash } from 'node:crypto';
import type pg from 'pg';
import { traceStatement } from './traced-adapter.ts';

/** A statement with `$1` in the place of its first value; a `Prisma.Sql` is one. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Statements that every order takes, straight to PostgreSQL. Prisma's client writes their values into JSON and
 * reads them out of it again: with a turn of many orders that costs as much as making its rows.
 */
export class PreparedStatements {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** @returns its rows as `pg` reads them: a bigint is text. @throws what PostgreSQL or the connection says */
  async run<Row extends pg.QueryResultRow>({ text, values }: Statement): Promise<readonly Row[]> {
    const query = { name: statementName(text), text, values: [...values] };
    const { rows } = await traceStatement(text, () => this.#pool.query<Row>(query));
    return rows;
  }
}

/** More texts than a store has; what is made up of parts has as many as are ever put together. */
const REMEMBERED_NAMES = 1000;
const names = new Map<string, string>();

/** The name under which a connection keeps a statement prepared. */
export function statementName(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = createHash('md5').update(text).digest('base64url');
  if (names.size >= REMEMBERED_NAMES) names.clear();
  names.set(text, name);
  return name;
}
