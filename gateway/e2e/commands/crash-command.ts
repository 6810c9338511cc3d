import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

/**
 * `npm run test:crash -- [--rounds N] [--seed N]`: lets the order and the account process die at one
 * point after the other in the middle of trading, N times, and audits the books after each; 21 rounds
 * go through all points.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '21' }, seed: { type: 'string', default: '1' } },
});
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e-long'];
const { status } = spawnSync(process.execPath, [...vitest, 'gateway/e2e/crash.e2e.ts'], {
  stdio: 'inherit',
  env: { ...process.env, CRASH_ROUNDS: values.rounds, CRASH_SEED: values.seed },
});
process.exitCode = status ?? 1;
