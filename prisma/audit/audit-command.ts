import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { EnvironmentError } from '#shared/environment/read-environment.ts';
import { readMigrateEnvironment } from '../migrate-environment.ts';
import { readRunningUrls } from '../embedded/running-urls.ts';
import { type AuditedStores, auditLedger, PROMISES } from './audit-ledger.ts';
import type { Finding } from './check.ts';

const MS_PER_SECOND = 1000;

/**
 * `npm run audit:ledger [-- --state .data] [-- --every SECONDS]`: proves over both stores that no
 * money was made or lost, and prints what it checked. Ends with 0 when all is well, 1 when something was
 * found, 2 when it could not look. With `--every` it goes on until it is ended, and speaks of findings
 * on standard error.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { state: { type: 'string' }, every: { type: 'string' } },
  });
  const stores = await readStores(values.state);
  for (const seconds = Number.parseInt(values.every ?? '0', 10); ;) {
    const findings = await auditLedger(stores);
    process.stdout.write(`${reportOf(findings)}\n`);
    for (const { check, subject, detail } of findings)
      process.stderr.write(`${check}: ${subject}: ${detail}\n`);
    if (!(seconds > 0)) return findings.length === 0 ? 0 : 1;
    await pause(seconds * MS_PER_SECOND);
  }
}

/** @param stateDirectory of a desk that runs in one process; without it the variables tell */
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
