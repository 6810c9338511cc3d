/** A corruption: its title, its store, the SQL that makes it, the SQL that undoes it, and the checks that find it. */
export type Corruption = readonly [string, 'account' | 'order', string, string, readonly string[]];

/** The SQL that makes a number larger by one, and the SQL that undoes it. */
export function raised(table: string, column: string, where: string): readonly [string, string] {
  const set = (sign: string) =>
    `UPDATE ${table} SET ${column} = ${column} ${sign} 1 WHERE ${where}`;
  return [set('+'), set('-')];
}

/** The SQL that gives the row with this id another one that nothing refers to, and the SQL that undoes it. */
export function renamed(table: string, column: string, id: string): readonly [string, string] {
  const rename = (from: string, to: string) =>
    `UPDATE ${table} SET ${column} = ${to} WHERE ${column} = ${from}`;
  return [rename(id, "'strange'"), rename("'strange'", id)];
}

/** The same with a check of the table taken away meanwhile, by which the database refuses it. */
export function unchecked(
  table: string,
  check: string,
  condition: string,
  [make, undo]: readonly [string, string],
): readonly [string, string] {
  return [
    `ALTER TABLE ${table} DROP CONSTRAINT ${check}; ${make}`,
    `${undo}; ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${condition})`,
  ];
}

/** SQL that undoes itself. */
export function twice(sql: string): readonly [string, string] {
  return [sql, sql];
}

/** The SQL that makes rows an hour older, and the SQL that undoes it. */
export function sooner(table: string, where: string): readonly [string, string] {
  const set = (sign: string) =>
    `UPDATE ${table} SET created_at = created_at ${sign} interval '1 hour' WHERE ${where}`;
  return [set('-'), set('+')];
}

/** The SQL that gives a column of one row another value, and the SQL that puts the first one back. */
export function reset(
  table: string,
  column: string,
  value: string,
  where: string,
): readonly [string, string] {
  return [
    `CREATE TABLE kept AS SELECT ${column} AS value FROM ${table} WHERE ${where};
   UPDATE ${table} SET ${column} = ${value} WHERE ${where}`,
    `UPDATE ${table} SET ${column} = (SELECT value FROM kept) WHERE ${where}; DROP TABLE kept`,
  ];
}

/** The SQL that takes rows away, and the SQL that puts them back. */
export function gone(table: string, where: string): readonly [string, string] {
  return [
    `CREATE TABLE kept AS SELECT * FROM ${table} WHERE ${where}; DELETE FROM ${table} WHERE ${where}`,
    `INSERT INTO ${table} SELECT * FROM kept; DROP TABLE kept`,
  ];
}
