import { Prisma } from '../subgraphs/order/__generated__/prisma/client.ts';
import type { TestDatabase } from './test-database.ts';

/** A plan node from `EXPLAIN (ANALYZE, FORMAT JSON)`. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** A statement and its parameters. */
export type Statement = Pick<Prisma.Sql, 'text' | 'values'>;

/** Captures the statements of a read, through a client that records them instead of running them. */
export async function statementsOf<Client>(
  read: (client: Client) => Promise<unknown>,
): Promise<readonly Statement[]> {
  const told: Statement[] = [];
  const $queryRaw = (...template: Parameters<typeof Prisma.sql>) => {
    told.push(Prisma.sql(...template));
    return Promise.resolve([]);
  };
  await read({ $queryRaw } as unknown as Client);
  return told;
}

/** The one statement of {@link statementsOf}, or the first. */
export async function statementOf<Client>(
  read: (client: Client) => Promise<unknown>,
): Promise<Statement> {
  const [statement] = await statementsOf(read);
  if (statement === undefined) throw new Error('Nothing was read.');
  return statement;
}

/** How many table rows a statement reads, whether it keeps them or not. */
export async function rowsRead(
  { sql }: Pick<TestDatabase, 'sql'>,
  { text, values }: Statement,
): Promise<number> {
  const [row] = await sql<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
    `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
    [...values],
  );
  const plan = row?.['QUERY PLAN'][0].Plan;
  if (plan === undefined) throw new Error('There is no plan.');
  return readBy(plan);
}

/** Scans of functions and subqueries read no table. */
const TABLE_SCANS = new Set(['Seq Scan', 'Index Scan', 'Index Only Scan', 'Bitmap Heap Scan']);

function readBy(node: PlanNode): number {
  const below = (node.Plans ?? []).reduce((sum, one) => sum + readBy(one), 0);
  if (!TABLE_SCANS.has(node['Node Type'])) return below;
  const looked =
    node['Actual Rows'] +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  return below + looked * node['Actual Loops'];
}
