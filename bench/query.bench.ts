import { isDeepStrictEqual } from 'node:util';
import type { Benchmark, BenchmarkOptions, Findings } from './benchmark.ts';
import { installPeers } from './install-peers.ts';
import type { Memory } from './processes/child.ts';
import { cpuSecondsOf } from './processes/cpu.ts';
import { CASES } from './query/cases.ts';
import type { QueryFigures } from './query/load.ts';
import { type RunningFixture, startQueryFixture } from './query/start-fixture.ts';
import { QUERY_VARIANTS, type QueryVariant } from './query/variants.ts';
import { rotated } from './rotated.ts';
import { Measurements, OURS } from './rows.ts';

const WARM_SECONDS = 1;
const SECONDS = 2;

interface Bench extends BenchmarkOptions, RunningFixture {
  readonly figures: Measurements;
  readonly notes: Set<string>;
  /** Each variant's answers, compared once. */
  readonly answers: Map<string, unknown>;
}

/** Queries over HTTP. */
export const benchmark: Benchmark = {
  description: 'Queries over three subgraphs on 50 connections, ours beside Apollo and Hive.',
  rounds: 5,
  run: async (options) => {
    const hasPeers = await installPeers(options.report);
    const fixture = await startQueryFixture();
    try {
      const variants = QUERY_VARIANTS.filter(({ isHive }) => hasPeers || !isHive);
      return await measure(
        {
          ...options,
          ...fixture,
          figures: new Measurements(),
          notes: new Set<string>(),
          answers: new Map<string, unknown>(),
        },
        variants,
      );
    } finally {
      await fixture.stop();
    }
  },
};

async function measure(bench: Bench, variants: readonly QueryVariant[]): Promise<Findings> {
  const { figures, notes, rounds, report } = bench;
  for (let round = 0; round < rounds; round += 1)
    for (const variant of rotated(variants, round)) {
      report(`round ${round + 1} of ${rounds}: ${variant.name}`);
      await takeTurn(bench, round, variant).catch((cause: unknown) => {
        if (variant.name === OURS) throw cause;
        notes.add(`${variant.name} failed: ${String(cause).slice(0, 200)}`);
      });
    }
  const keys = Object.keys(CASES);
  return {
    rows: [
      ...keys.map((key) => figures.row(key, 'requests/s')),
      ...keys.map((key) => figures.row(`${key}P50`, 'ms')),
      ...keys.map((key) => figures.row(`${key}P99`, 'ms')),
      // Processor time stays meaningful on a shared machine; requests per second do not.
      ...keys.map((key) =>
        figures.row(`${key}Cpu`, "ms of the gateway's processor time a request"),
      ),
      figures.row('memory', 'bytes after a collection'),
    ],
    notes: [...notes],
  };
}

async function takeTurn(bench: Bench, round: number, variant: QueryVariant): Promise<void> {
  const { load, figures, report } = bench;
  const { child, port } = await variant.start(bench);
  try {
    await compareAnswers(bench, variant.name, port);
    for (const [key, bodies] of Object.entries(CASES)) {
      await load.ask('run', { port, bodies, seconds: WARM_SECONDS });
      const cpuBefore = cpuSecondsOf(child.pid);
      const { count, perSecond, p50, p99 } = await load.ask<QueryFigures>('run', {
        ...{ port, bodies, seconds: SECONDS },
      });
      const cpuMs = (1000 * (cpuSecondsOf(child.pid) - cpuBefore)) / count;
      report(
        `  ${key}: ${Math.round(perSecond)}/s, p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms, cpu ${cpuMs.toFixed(2)} ms`,
      );
      const add = (name: string, value: number) =>
        figures.add({ round, key: name, variant: variant.name, value });
      add(key, perSecond);
      add(`${key}P50`, p50);
      add(`${key}P99`, p99);
      add(`${key}Cpu`, cpuMs);
    }
    const { rss } = await child.ask<Memory>('memory');
    figures.add({ round, key: 'memory', variant: variant.name, value: rss });
  } finally {
    await child.stop();
  }
}

/**
 * Every variant must say the same; the order of keys is left to each. It is asked everything in every
 * turn, so that the subgraphs know all their answers and the gateway its plans before anything is measured.
 */
async function compareAnswers(bench: Bench, name: string, port: number): Promise<void> {
  const bodies = Object.values(CASES).flat();
  const texts = await bench.load.ask<string[]>('ask', { port, bodies });
  if (bench.answers.has(name)) return;
  const answers = texts.map((text) => JSON.parse(text) as unknown);
  for (const [other, theirs] of bench.answers)
    if (!isDeepStrictEqual(answers, theirs)) bench.notes.add(`${name} answers unlike ${other}`);
  bench.answers.set(name, answers);
}
