import type pg from 'pg';

/** A violation of a check. */
export interface Finding {
  /** The name of the check that found it. */
  readonly check: string;
  /** The account, order or trade concerned. */
  readonly subject: string;
  /** What the store has, and what it should have. */
  readonly detail: string;
}

/** One rule for the rows of one store, as a query for rows that break it. */
export interface Check {
  readonly name: string;
  /** The rule in one sentence; it holds if the query finds nothing. */
  readonly promise: string;
  /** Selects `subject` and `detail`, both text, for each violation. */
  readonly sql: string;
}

/** Runs checks one after the other; each is one statement, and so has one snapshot of its store. */
export async function runChecks(
  client: pg.Client,
  checks: readonly Check[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, sql } of checks) {
    const { rows } = await client.query<Pick<Finding, 'subject' | 'detail'>>(sql);
    findings.push(...rows.map(({ subject, detail }) => ({ check: name, subject, detail })));
  }
  return findings;
}
