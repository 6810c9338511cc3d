import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Finding, runChecks } from './check.ts';
import { compareStores, COMPARISONS } from './compare-stores.ts';
import { confirmedFindings } from './confirmed-findings.ts';
import { LEDGER_CHECKS } from './ledger-checks.ts';
import { ORDER_CHECKS } from './order-checks.ts';
import { WAITING_EXITS, waitingExits } from './waiting-exits.ts';

/** Longer than an order takes between the stores, and than an exit needs to notice that its account is no longer frozen. */
const SECOND_LOOK_MS = 6000;
/**
 * One snapshot per store for what compares them, so that changes meanwhile do not show. The first query takes it: left to
 * the comparisons, the two would be further apart.
 */
const SNAPSHOT = 'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1';

/** By this name PostgreSQL lists the connections of the audit. */
export const AUDIT_NAME = 'deskgraph audit';

/** The URLs of the two stores. */
export interface AuditedStores {
  readonly account: string;
  readonly order: string;
}

/** Every checked promise, by the name that its findings carry. */
export const PROMISES: readonly { readonly name: string; readonly promise: string }[] = [
  ...LEDGER_CHECKS,
  ...ORDER_CHECKS,
  ...COMPARISONS,
  WAITING_EXITS,
];

/**
 * Proves across both stores that no money was created or lost. Only reads, and locks nothing.
 * Reports only findings that a second look confirms, because orders can be between the stores.
 * @param secondLookMs how long after the first look; 6 s if omitted
 * @param signal aborts immediately, even in the middle of a query; the audit then throws
 * @returns the findings; empty if all is well
 */
export async function auditLedger(
  stores: AuditedStores,
  secondLookMs = SECOND_LOOK_MS,
  signal = new AbortController().signal,
): Promise<readonly Finding[]> {
  const first = await look(stores, signal);
  if (first.length === 0) return [];
  await pause(secondLookMs, undefined, { signal });
  return confirmedFindings(first, await look(stores, signal));
}

async function look(stores: AuditedStores, signal: AbortSignal): Promise<readonly Finding[]> {
  return connected(stores.order, signal, (order) =>
    connected(stores.account, signal, async (account) => {
      await Promise.all([order.query(SNAPSHOT), account.query(SNAPSHOT)]);
      const compared = [
        ...(await compareStores(account, order)),
        ...(await waitingExits(account, order)),
      ];
      // No longer than needed: as long as a snapshot lasts, the database keeps each version of a row since, and looks
      // through all of them for the last one of an account that trades.
      await Promise.all([order.query('COMMIT'), account.query('COMMIT')]);
      return [
        ...(await runChecks(account, LEDGER_CHECKS)),
        ...(await runChecks(order, ORDER_CHECKS)),
        ...compared,
      ];
    }),
  );
}

async function connected<Result>(
  url: string,
  signal: AbortSignal,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url, application_name: AUDIT_NAME });
  // The next query reports a broken connection; one that breaks while idle must not end the process.
  client.on('error', () => undefined);
  const end = () => void client.end();
  await client.connect();
  try {
    signal.throwIfAborted();
    signal.addEventListener('abort', end);
    return await work(client);
  } finally {
    signal.removeEventListener('abort', end);
    await client.end();
  }
}
