import { setTimeout as pause } from 'node:timers/promises';
import { runCommand } from '#shared/command/run-command.ts';
import { serveMetrics } from '#shared/http/serve-metrics.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { readStoreUrls } from '../store-urls.ts';
import { type AuditedStores, auditLedger, PROMISES } from './audit-ledger.ts';
import { AuditMetrics } from './audit-metrics.ts';
import { type AuditOptions, parseAuditOptions } from './audit-options.ts';
import type { Finding } from './check.ts';

const MS_PER_SECOND = 1000;

/**
 * `npm run audit:ledger`, see {@link parseAuditOptions}: proves across both stores that no money was
 * created or lost, and prints what it checked. Exits with 0 if all is well, 1 if it found something, 2
 * if it could not check. With `--every` it repeats until stopped and prints findings to standard error.
 */
async function main(): Promise<number> {
  const { state, everySeconds, metrics: address } = parseAuditOptions(process.argv.slice(2));
  const stores = await readStoreUrls(['account', 'order'], state);
  const metrics = new AuditMetrics();
  if (address !== null) await serve(metrics, address);
  for (;;) {
    const findings = await look(stores, metrics, everySeconds !== null);
    if (findings !== null) report(findings);
    if (everySeconds === null) return findings?.length === 0 ? 0 : 1;
    await pause(everySeconds * MS_PER_SECOND);
  }
}

/** @returns null if a repeating audit could not read the stores. @throws Error if a single audit could not */
async function look(
  stores: AuditedStores,
  metrics: AuditMetrics,
  goesOn: boolean,
): Promise<readonly Finding[] | null> {
  try {
    const findings = await auditLedger(stores);
    metrics.noteAudit(findings, Date.now());
    return findings;
  } catch (cause) {
    if (!goesOn) throw cause;
    metrics.noteFailure();
    process.stderr.write(`The books could not be audited: ${String(cause)}\n`);
    return null;
  }
}

async function serve(
  metrics: AuditMetrics,
  address: NonNullable<AuditOptions['metrics']>,
): Promise<void> {
  const logger = createLogger({ unit: 'audit', level: 'warn' });
  await serveMetrics({ address, read: () => metrics.text(), logger });
}

function report(findings: readonly Finding[]): void {
  process.stdout.write(`${reportOf(findings)}\n`);
  for (const { check, subject, detail } of findings)
    process.stderr.write(`${check}: ${subject}: ${detail}\n`);
}

function reportOf(findings: readonly Finding[]): string {
  const lines = PROMISES.map(({ name, promise }) => {
    const count = findings.filter(({ check }) => check === name).length;
    return `| ${name} | ${count === 0 ? 'kept' : `broken ${count} times`} | ${promise} |`;
  });
  return ['| check | | promise |', '| --- | --- | --- |', ...lines].join('\n');
}

runCommand(main, 2);
