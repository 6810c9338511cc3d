import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { asJson, asTable } from './report.ts';

const SUFFIX = '.bench.ts';

/**
 * `npm run bench -- <name> [--json] [--rounds N]`: figures on standard output, progress on standard
 * error.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false }, rounds: { type: 'string' } },
    allowPositionals: true,
  });
  const [name = ''] = positionals;
  const rounds = values.rounds === undefined ? undefined : Number.parseInt(values.rounds, 10);
  if (!benchmarkNames().includes(name) || (rounds !== undefined && !(rounds >= 1))) {
    report(`Usage: npm run bench -- <${benchmarkNames().join('|')}> [--json] [--rounds N]`);
    return 2;
  }
  const { benchmark } = (await import(`./${name}${SUFFIX}`)) as { benchmark: Benchmark };
  report(benchmark.description);
  const findings = await benchmark.run({ rounds: rounds ?? benchmark.rounds, report });
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
