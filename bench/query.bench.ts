import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Benchmark, BenchmarkOptions, Findings } from './benchmark.ts';
import { FIXTURE_NAMES, type FixtureName } from './fixture/supergraph.ts';
import { installPeers } from './install-peers.ts';
import { Child, type Memory } from './processes/child.ts';
import { CLIENT_CORE } from './processes/cores.ts';
import { CASES } from './query/cases.ts';
import type { QueryFigures } from './query/load.ts';
import { composeQuerySupergraph } from './query/subgraphs.ts';
import { Measurements, OURS } from './rows.ts';
import { QUERY_VARIANTS, type QueryVariant } from './query/variants.ts';

const WARM_SECONDS = 1;
const SECONDS = 2;
const TYPESCRIPT = ['--import', import.meta.resolve('tsx')];

interface Bench extends BenchmarkOptions {
  readonly supergraphPath: string;
  readonly origins: Readonly<Record<FixtureName, string>>;
  readonly load: Child;
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
    const children = await Promise.all(
      [...FIXTURE_NAMES.map(() => './query/subgraphs.ts'), './query/load.ts'].map(startChild),
    );
    const folder = await mkdtemp(join(tmpdir(), 'deskgraph-bench-'));
    try {
      const origins = Object.fromEntries(
        await Promise.all(
          FIXTURE_NAMES.map(async (name, index) => [
            name,
            await children[index]?.ask('listen', name),
          ]),
        ),
      ) as Bench['origins'];
      const supergraphPath = join(folder, 'supergraph.graphql');
      await writeFile(supergraphPath, composeQuerySupergraph(origins));
      const load = children.at(-1);
      if (load === undefined) throw new Error('There is no load.');
      const variants = QUERY_VARIANTS.filter(({ isHive }) => hasPeers || !isHive);
      return await measure(
        {
          ...options,
          ...{ supergraphPath, origins, load, figures: new Measurements() },
          ...{ notes: new Set<string>(), answers: new Map<string, unknown>() },
        },
        variants,
      );
    } finally {
      await Promise.all(children.map((child) => child.stop()));
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(bench: Bench, variants: readonly QueryVariant[]): Promise<Findings> {
  const { figures, notes, rounds, report } = bench;
  for (let round = 0; round < rounds; round += 1)
    for (const [index] of variants.entries()) {
      const variant = variants[(index + round) % variants.length];
      if (variant === undefined) continue;
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
      const { perSecond, p50, p99 } = await load.ask<QueryFigures>('run', {
        ...{ port, bodies, seconds: SECONDS },
      });
      report(
        `  ${key}: ${Math.round(perSecond)}/s, p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms`,
      );
      const add = (name: string, value: number) =>
        figures.add({ round, key: name, variant: variant.name, value });
      add(key, perSecond);
      add(`${key}P50`, p50);
      add(`${key}P99`, p99);
    }
    const { rss } = await child.ask<Memory>('memory');
    figures.add({ round, key: 'memory', variant: variant.name, value: rss });
  } finally {
    await child.stop();
  }
}

/**
 * Every variant must say the same; the order of keys is left to each. It is asked everything, so that
 * the subgraphs know all their answers before anything is measured.
 */
async function compareAnswers(bench: Bench, name: string, port: number): Promise<void> {
  if (bench.answers.has(name)) return;
  const bodies = Object.values(CASES).flat();
  const texts = await bench.load.ask<string[]>('ask', { port, bodies });
  const answers = texts.map((text) => JSON.parse(text) as unknown);
  for (const [other, theirs] of bench.answers)
    if (!isDeepStrictEqual(answers, theirs)) bench.notes.add(`${name} answers unlike ${other}`);
  bench.answers.set(name, answers);
}

function startChild(file: string): Promise<Child> {
  return Child.start({
    file: fileURLToPath(new URL(file, import.meta.url)),
    flags: TYPESCRIPT,
    core: CLIENT_CORE,
  });
}
