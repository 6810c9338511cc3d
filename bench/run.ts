import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { asJson, asTable } from './report.ts';

const SUFFIX = '.bench.ts';

/** PostgreSQL delays a commit by no more. */
const MOST_COMMIT_MS = 100;

/**
 * `npm run bench -- <name> [--json] [--rounds N] [--patience SECONDS] [--commit-ms N]`: figures on standard output,
 * progress on standard error. Patience is for machines that others use too; the last is for disks slower than this one.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      patience: { type: 'string', default: '60' },
      'commit-ms': { type: 'string', default: '0' },
    },
    allowPositionals: true,
  });
  const [name = ''] = positionals;
  const rounds = values.rounds === undefined ? undefined : Number.parseInt(values.rounds, 10);
  const patienceSeconds = Number.parseInt(values.patience, 10);
  const commitMs = Number.parseFloat(values['commit-ms']);
  const isSane =
    patienceSeconds >= 0 &&
    (rounds === undefined || rounds >= 1) &&
    commitMs >= 0 &&
    commitMs <= MOST_COMMIT_MS;
  if (!benchmarkNames().includes(name) || !isSane) {
    const names = benchmarkNames().join('|');
    report(
      `Usage: npm run bench -- <${names}> [--json] [--rounds N] [--patience SECONDS] [--commit-ms N]`,
    );
    return 2;
  }
  const { benchmark } = (await import(`./${name}${SUFFIX}`)) as { benchmark: Benchmark };
  if (commitMs > 0 && benchmark.hasCommits !== true) {
    report(`${name} commits nothing that --commit-ms could delay.`);
    return 2;
  }
  report(benchmark.description);
  const findings = await benchmark.run({
    rounds: rounds ?? benchmark.rounds,
    patienceSeconds,
    commitMs,
    report,
  });
  process.stdout.write(`${values.json ? asJson(name, findings) : asTable(findings)}\n`);
  return 0;
}

function benchmarkNames(): readonly string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length));
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

process.exitCode = await main();
