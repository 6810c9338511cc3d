import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { EnvironmentError } from '#shared/environment/read-environment.ts';
import { serveMetrics } from '#shared/http/serve-metrics.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { readMigrateEnvironment } from '../migrate-environment.ts';
import { readRunningUrls } from '../embedded/running-urls.ts';
import { type AuditedStores, auditLedger, PROMISES } from './audit-ledger.ts';
import { AuditMetrics } from './audit-metrics.ts';
import type { Finding } from './check.ts';

const MS_PER_SECOND = 1000;

/**
 * `npm run audit:ledger [-- --state .data] [-- --every SECONDS]`: proves across both stores that no
 * money was created or lost, and prints what it checked. Exits with 0 if all is well, 1 if it found
 * something, 2 if it could not read the stores. With `--every` it repeats until stopped and prints findings
 * to standard error; with `--metrics-port` as well, it serves metrics to Prometheus.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      state: { type: 'string' },
      every: { type: 'string' },
      'metrics-port': { type: 'string' },
    },
  });
  const stores = await readStores(values.state);
  const metrics = new AuditMetrics();
  const seconds = Number.parseInt(values.every ?? '0', 10);
  if (seconds > 0) await serve(metrics, values['metrics-port']);
  for (;;) {
    const findings = await look(stores, metrics, seconds > 0);
    if (findings !== null) report(findings);
    if (!(seconds > 0)) return findings?.length === 0 ? 0 : 1;
    await pause(seconds * MS_PER_SECOND);
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

async function serve(metrics: AuditMetrics, port: string | undefined): Promise<void> {
  if (port === undefined) return;
  const address = { host: '127.0.0.1', port: Number.parseInt(port, 10) };
  const logger = createLogger({ unit: 'audit', level: 'warn' });
  await serveMetrics({ address, read: () => metrics.text(), logger });
}

function report(findings: readonly Finding[]): void {
  process.stdout.write(`${reportOf(findings)}\n`);
  for (const { check, subject, detail } of findings)
    process.stderr.write(`${check}: ${subject}: ${detail}\n`);
}

/** @param stateDirectory of a desk that runs in one process; without it, the environment variables name the stores */
async function readStores(stateDirectory: string | undefined): Promise<AuditedStores> {
  if (stateDirectory !== undefined) return readRunningUrls(path.join(stateDirectory, 'postgres'));
  const urls = readMigrateEnvironment(['account', 'order']);
  return { account: urls.get('account') ?? '', order: urls.get('order') ?? '' };
}

function reportOf(findings: readonly Finding[]): string {
  const lines = PROMISES.map(({ name, promise }) => {
    const count = findings.filter(({ check }) => check === name).length;
    return `| ${name} | ${count === 0 ? 'kept' : `broken ${count} times`} | ${promise} |`;
  });
  return ['| check | | promise |', '| --- | --- | --- |', ...lines].join('\n');
}

main().then(
  (code) => (process.exitCode = code),
  (cause: unknown) => {
    const problems = cause instanceof EnvironmentError ? cause.problems : [String(cause)];
    process.stderr.write(`${problems.join('\n')}\n`);
    process.exitCode = 2;
  },
);
