import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ALL_ATTACKS } from '../attacks/all-attacks.ts';
import type { Attack } from '../attacks/attack.ts';
import { judge, type RowVerdict, type TestRun } from '../attacks/judge.ts';

/**
 * `npm run test:attack -- [--rows S1,S5]`: runs the tests that stand for the rows of the table of
 * threats, and prints of each what was tried and what came back. A row of which anything is not proven
 * fails the command: also one that has no test, or whose test was left out on this machine.
 */
const { values } = parseArgs({ options: { rows: { type: 'string' } } });
const PROJECTS = ['unit', 'integration', 'e2e'].flatMap((name) => ['--project', name]);

/** What Vitest's JSON report says of one file. */
interface FileReport {
  readonly name: string;
  readonly assertionResults: readonly {
    readonly ancestorTitles: readonly string[];
    readonly title: string;
    readonly status: string;
    readonly failureMessages: readonly string[] | null;
  }[];
}

function chosenAttacks(): readonly Attack[] {
  if (values.rows === undefined) return ALL_ATTACKS;
  const rows = values.rows.split(',');
  const unknown = rows.filter((row) => ALL_ATTACKS.every((attack) => attack.row !== row));
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}.`);
  return ALL_ATTACKS.filter(({ row }) => rows.includes(row));
}

function runTests(attacks: readonly Attack[]): readonly TestRun[] {
  const proofs = attacks.flatMap(({ tries }) => tries.flatMap((one) => one.proofs));
  const files = [...new Set(proofs.map((proof) => proof.split(' > ', 1).join('')))];
  if (files.length === 0) return [];
  const folder = mkdtempSync(path.join(tmpdir(), 'attack-'));
  const report = path.join(folder, 'report.json');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...PROJECTS, ...reporters, ...files];
  try {
    // What fails is told below, of the row that it stands for.
    spawnSync(process.execPath, vitest, { stdio: ['ignore', 'ignore', 'inherit'] });
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      readonly testResults: readonly FileReport[];
    };
    return testResults.flatMap(runsOf);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runsOf({ name, assertionResults }: FileReport): readonly TestRun[] {
  const file = path.relative(process.cwd(), name).split(path.sep).join('/');
  return assertionResults.map(({ ancestorTitles, title, status, failureMessages }) => ({
    name: [file, ...ancestorTitles, title].join(' > '),
    status,
    failure: failureMessages?.[0]?.split('\n', 1)[0] ?? '',
  }));
}

function linesOf({ attack, state, tries }: RowVerdict): readonly string[] {
  return [
    `${attack.row.padEnd(4)}${state.toUpperCase().padEnd(13)} ${attack.name}`,
    ...tries.flatMap((one) => [
      `      tried      ${one.tried}`,
      `      came back  ${one.cameBack}${one.count > 0 ? ` (tests: ${one.count})` : ''}`,
    ]),
  ];
}

const attacks = chosenAttacks();
const runs = runTests(attacks);
const verdicts = attacks.map((attack) => judge(attack, runs));
const count = (state: RowVerdict['state']) => verdicts.filter((row) => row.state === state).length;
process.stdout.write(
  [
    ...verdicts.flatMap(linesOf),
    '',
    `${verdicts.length} rows: ${count('held')} held, ${count('held in part')} held in part, ${count('missing')} missing, ${count('broken')} broken`,
    '',
  ].join('\n'),
);
process.exitCode = count('held') === verdicts.length ? 0 : 1;
