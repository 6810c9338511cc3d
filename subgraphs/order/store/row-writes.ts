import { Prisma } from '../__generated__/prisma/client.ts';

/** A part of a statement that writes rows, whose fields are named like the table's columns. */
export type RowWrite = (rows: readonly object[]) => Prisma.Sql;

/** Inserts rows, as the part `inserted_<table>`. @param end what follows, such as `RETURNING at` */
export function insertInto(table: Prisma.Sql, end = Prisma.empty): RowWrite {
  return writing(Prisma.sql`inserted_${table}`, table, end);
}

/**
 * Inserts rows or changes those that exist, as the part `changed_<table>`.
 * @param key the columns that identify a row
 * @param changes of what changes during the life of a row, such as `price = EXCLUDED.price`
 */
export function upsertInto(table: Prisma.Sql, key: Prisma.Sql, changes: Prisma.Sql): RowWrite {
  const end = Prisma.sql`ON CONFLICT (${key}) DO UPDATE SET ${changes}`;
  return writing(Prisma.sql`changed_${table}`, table, end);
}

/** All rows are one JSON document, so that the statement is the same however many there are. */
function writing(part: Prisma.Sql, table: Prisma.Sql, end: Prisma.Sql): RowWrite {
  const before = Prisma.sql`${part} AS (
    INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, `;
  const after = Prisma.sql`::jsonb) ${end})`;
  return (rows) => Prisma.sql`${before}${JSON.stringify(rows)}${after}`;
}
