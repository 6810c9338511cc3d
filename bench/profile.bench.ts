import type { Benchmark, BenchmarkOptions, Findings } from './benchmark.ts';
import { type CpuProfile, type TimeShares, timeShares } from './processes/cpu-profile.ts';
import { CASES } from './query/cases.ts';
import { type RunningFixture, startQueryFixture } from './query/start-fixture.ts';
import { PROFILED_VARIANTS, type QueryVariant } from './query/variants.ts';

const CASE = 'threeHop';
const WARM_SECONDS = 3;
const SECONDS = 5;
const PARTS = 15;
const FUNCTIONS = 25;

/** Where the processor time goes. */
export const benchmark: Benchmark = {
  description: `What share of processor time which code uses under ${CASE}, ours beside Apollo's.`,
  rounds: 1,
  run: async (options) => {
    const fixture = await startQueryFixture();
    try {
      const notes: string[] = [];
      for (const variant of PROFILED_VARIANTS)
        notes.push(...described(variant.name, await profile(variant, fixture, options)));
      return { rows: [], notes } satisfies Findings;
    } finally {
      await fixture.stop();
    }
  },
};

async function profile(
  variant: QueryVariant,
  fixture: RunningFixture,
  { report }: BenchmarkOptions,
): Promise<TimeShares> {
  report(variant.name);
  const { child, port } = await variant.start(fixture);
  try {
    const bodies = CASES[CASE] ?? [];
    await fixture.load.ask('ask', { port, bodies }); // so that the subgraphs know their answers
    await fixture.load.ask('run', { port, bodies, seconds: WARM_SECONDS });
    await child.ask('startProfile');
    await fixture.load.ask('run', { port, bodies, seconds: SECONDS });
    return timeShares(await child.ask<CpuProfile>('stopProfile'));
  } finally {
    await child.stop();
  }
}

function described(name: string, { byPart, byFunction }: TimeShares): readonly string[] {
  const lines = (shares: ReadonlyMap<string, number>, most: number) =>
    [...shares].slice(0, most).map(([key, share]) => `${name}: ${share.toFixed(1)} % ${key}`);
  return [...lines(byPart, PARTS), ...lines(byFunction, FUNCTIONS)];
}
