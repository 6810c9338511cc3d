import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runCommand } from '#shared/command/run-command.ts';
import { simulate } from './simulation.ts';

const LARGEST_SEED = 2 ** 31;

/**
 * `npm run simulate [-- --seeds N] [-- --seed S]`: runs N seeds from S on, or from a random one if S is
 * omitted. Prints the seed of every violation; `--seeds 1 --seed S` repeats it exactly. Exits with 1 if
 * there was a violation.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { seeds: { type: 'string', default: '200' }, seed: { type: 'string' } },
  });
  const seeds = Number.parseInt(values.seeds, 10);
  const first = Number.parseInt(values.seed ?? `${randomInt(LARGEST_SEED)}`, 10);
  if (!(seeds > 0 && first >= 0)) throw new Error('--seeds and --seed are whole numbers.');
  const sums: Record<string, number> = {};
  let broken = 0;
  for (let seed = first; seed < first + seeds; seed += 1) {
    const { violations, counts } = await simulate(seed);
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
    if (violations.length > 0) broken += 1;
    for (const { promise, detail } of violations)
      process.stderr.write(`seed ${seed}: ${promise}: ${detail}\n`);
  }
  const happened = Object.entries(sums).map(([name, count]) => `${name} ${count}`);
  process.stdout.write(`${seeds} seeds from ${first}: ${happened.join(', ')}\n`);
  process.stdout.write(`${broken === 0 ? 'no violation' : `${broken} seeds with violations`}\n`);
  return broken === 0 ? 0 : 1;
}

runCommand(main, 2);
