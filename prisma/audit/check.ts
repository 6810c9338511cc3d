import type pg from 'pg';

/** Something that is not as it must be. */
export interface Finding {
  /** The name of the check that found it. */
  readonly check: string;
  /** What it is about: an account, an order, a trade. */
  readonly subject: string;
  /** What is there and what should be. */
  readonly detail: string;
}

/** One rule that the rows of one store must keep, as a query for those that break it. */
export interface Check {
  readonly name: string;
  /** What holds where it finds nothing, in one sentence. */
  readonly promise: string;
  /** Selects `subject` and `detail`, both text, of what breaks the rule. */
  readonly sql: string;
}

/** Runs checks in one snapshot of their store. */
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
