import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STORE_NAMES } from './store-name.ts';

/** The tables that grow with what clients do. */
const LARGE = new Set([
  ...['orders', 'fills', 'order_events', 'prevented_matches', 'rfqs', 'rfq_quotes', 'rfq_events'],
  ...['settlements', 'ledger_entries', 'balance_events', 'transfers', 'holds', 'audit_entries'],
  ...['trades', 'candles'],
]);

/** What names a table whose rows are all gone through. */
const GOES_THROUGH = [
  /CREATE (?:UNIQUE )?INDEX[^;]*? ON "?(\w+)"?/g,
  /ALTER TABLE "?(\w+)"?[^;]*?(?:ADD CONSTRAINT|SET NOT NULL)/g,
  /(?:FROM|UPDATE|JOIN) "?(\w+)"?/g,
];

/** Reads one event of each account by its key. */
const BY_KEY = '20261126193737_recorded_at';

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const manual = read('../docs/OPERATIONS.md');

function tablesGoneThrough(sql: string): readonly string[] {
  const made = new Set([...sql.matchAll(/CREATE TABLE "(\w+)"/g)].map(([, name = '']) => name));
  const named = GOES_THROUGH.flatMap((pattern) =>
    [...sql.matchAll(pattern)].map(([, name = '']) => name),
  );
  return [...new Set(named)].filter((name) => LARGE.has(name) && !made.has(name));
}

describe.each(STORE_NAMES)('the migrations of %s', (store) => {
  const folder = `./${store}/migrations`;
  const names = readdirSync(new URL(folder, import.meta.url)).filter((name) => /^\d/.test(name));
  const long = names.filter((name) => {
    const sql = read(`${folder}/${name}/migration.sql`).replaceAll(/--.*$/gm, '');
    return name !== BY_KEY && tablesGoneThrough(sql).length > 0;
  });

  it('that go through a large table are in the manual, so that their time is known before', () => {
    expect(long.length).toBeGreaterThan(0);
    expect(long.filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
  });
});
