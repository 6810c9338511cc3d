import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { asJson, asTable } from './report.ts';

const SUFFIX = '.bench.ts';

/**
 * `npm run bench -- <name> [--json] [--rounds N] [--patience SECONDS]`: figures on standard output,
 * progress on standard error. Patience is for machines that others use too.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      patience: { type: 'string', default: '60' },
    },
    allowPositionals: true,
  });
  const [name = ''] = positionals;
  const rounds = values.rounds === undefined ? undefined : Number.parseInt(values.rounds, 10);
  const patienceSeconds = Number.parseInt(values.patience, 10);
  const isSane = patienceSeconds >= 0 && (rounds === undefined || rounds >= 1);
  if (!benchmarkNames().includes(name) || !isSane) {
    const names = benchmarkNames().join('|');
    report(`Usage: npm run bench -- <${names}> [--json] [--rounds N] [--patience SECONDS]`);
    return 2;
  }
  const { benchmark } = (await import(`./${name}${SUFFIX}`)) as { benchmark: Benchmark };
  report(benchmark.description);
  const findings = await benchmark.run({
    rounds: rounds ?? benchmark.rounds,
    patienceSeconds,
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
