import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Finding, runChecks } from './check.ts';
import { compareStores, COMPARISONS } from './compare-stores.ts';
import { LEDGER_CHECKS } from './ledger-checks.ts';
import { ORDER_CHECKS } from './order-checks.ts';

/** Longer than an order is on its way between the stores. */
const SECOND_LOOK_MS = 3000;
/** Money is looked at as one thing, and not as it changes. */
const SNAPSHOT = 'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** Where the two stores are. */
export interface AuditedStores {
  readonly account: string;
  readonly order: string;
}

/** Every promise that is checked, by the name that its findings carry. */
export const PROMISES: readonly { readonly name: string; readonly promise: string }[] = [
  ...LEDGER_CHECKS,
  ...ORDER_CHECKS,
  ...COMPARISONS,
];

/**
 * Proves over both stores that no money was made or lost. Reads only, in a snapshot of each store; what
 * it finds must be found unchanged at a second look, since orders are on their way between the two.
 * @param secondLookMs how long after the first; 3 s if omitted
 * @param signal ends it at once, in the middle of a query too: it then throws
 * @returns nothing if all is well
 */
export async function auditLedger(
  stores: AuditedStores,
  secondLookMs = SECOND_LOOK_MS,
  signal = new AbortController().signal,
): Promise<readonly Finding[]> {
  const first = await look(stores, signal);
  if (first.length === 0) return [];
  await pause(secondLookMs, undefined, { signal });
  const before = new Set(first.map(textOf));
  return (await look(stores, signal)).filter((finding) => before.has(textOf(finding)));
}

/** Equal for equal findings. */
function textOf({ check, subject, detail }: Finding): string {
  return JSON.stringify([check, subject, detail]);
}

async function look(stores: AuditedStores, signal: AbortSignal): Promise<readonly Finding[]> {
  return inSnapshot(stores.order, signal, (order) =>
    inSnapshot(stores.account, signal, async (account) => [
      ...(await runChecks(account, LEDGER_CHECKS)),
      ...(await runChecks(order, ORDER_CHECKS)),
      ...(await compareStores(account, order)),
    ]),
  );
}

async function inSnapshot<Result>(
  url: string,
  signal: AbortSignal,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  // Anyone who asks next hears that it broke; one that breaks while it waits must not end the process.
  client.on('error', () => undefined);
  const end = () => void client.end();
  await client.connect();
  try {
    signal.throwIfAborted();
    signal.addEventListener('abort', end);
    await client.query(SNAPSHOT);
    return await work(client);
  } finally {
    signal.removeEventListener('abort', end);
    await client.end();
  }
}
