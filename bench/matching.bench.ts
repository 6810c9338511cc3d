import type { Benchmark, BenchmarkOptions, Findings } from './benchmark.ts';
import { installPeers } from './install-peers.ts';
import type { Speed } from './matching/measure.ts';
import type { WorkloadSize } from './matching/workload.ts';
import { Child } from './processes/child.ts';
import { SERVER_CORE } from './processes/cores.ts';
import { rotated } from './rotated.ts';
import { Measurements, OURS } from './rows.ts';

const RESTING = 100_000;
const SMALL = 1_000;
const LARGE = 1_000_000;
const COMMANDS = 200_000;
const PEERS = ['nodejs-order-book', 'hft-limit-order-book', 'limit-order-book'] as const;
/** With a million orders, this one would take as long as all the others together. */
const NOT_LARGE: ReadonlySet<string> = new Set(['limit-order-book']);
const FLAGS = ['--max-old-space-size=8192'];
const MEASURE = new URL('./matching/measure.ts', import.meta.url);

/** The pure matching engine, as the order path uses it, beside engines from npm. */
export const benchmark: Benchmark = {
  description: `Adds, cancels and takes over ${RESTING.toLocaleString('en')} resting orders, ours beside ${PEERS.join(', ')}.`,
  rounds: 5,
  run: async (options) => {
    const hasPeers = await installPeers(options.report);
    return measureInTurns(options, hasPeers ? [OURS, ...PEERS] : [OURS]);
  },
};

async function measureInTurns(
  { rounds, report }: BenchmarkOptions,
  engines: readonly string[],
): Promise<Findings> {
  const figures = new Measurements();
  for (let round = 0; round < rounds; round += 1) {
    for (const engine of rotated(engines, round)) {
      report(`round ${round + 1} of ${rounds}: ${engine}`);
      const add = (key: string, value: number) =>
        figures.add({ round, key, variant: engine, value });
      const mix = await measured(engine, { seed: round + 1, resting: RESTING, commands: COMMANDS });
      add('mix', mix.commandsPerSecond);
      add('p99', mix.p99 / 1000);
      if (!NOT_LARGE.has(engine)) add('growth', await growthOf(engine, round + 1));
    }
  }
  return {
    rows: [
      figures.row('mix', 'commands/s'),
      figures.row('p99', 'µs per command, the clock included'),
      figures.row('growth', `cost with ${LARGE} resting orders ÷ cost with ${SMALL}`),
    ],
    notes: ['every engine traded exactly what a plain model of the market says'],
  };
}

async function growthOf(engine: string, seed: number): Promise<number> {
  const small = await measured(engine, { seed, resting: SMALL, commands: COMMANDS });
  const large = await measured(engine, { seed, resting: LARGE, commands: COMMANDS });
  return large.nanosecondsPerCommand / small.nanosecondsPerCommand;
}

/** Runs each time in a new process, so that no state carries over. */
async function measured(engine: string, size: WorkloadSize): Promise<Speed> {
  const child = await Child.start({ file: MEASURE, flags: FLAGS, core: SERVER_CORE });
  try {
    return await child.ask<Speed>('measure', { engine, ...size });
  } finally {
    await child.stop();
  }
}
