import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Benchmark, BenchmarkOptions, Findings } from './benchmark.ts';
import { type VenueName, VENUES } from './decoding/engine.ts';
import type { Reading } from './decoding/measure.ts';
import { recordings } from './decoding/workload.ts';
import { installPeers } from './install-peers.ts';
import { Child } from './processes/child.ts';
import { SERVER_CORE } from './processes/cores.ts';
import { Measurements, OURS } from './rows.ts';

const PEER = 'ccxt';
const FLAGS = ['--import', import.meta.resolve('tsx')];
const MEASURE = fileURLToPath(new URL('./decoding/measure.ts', import.meta.url));

/** Recorded frames of each venue, from text to books, quotes and trades. */
export const benchmark: Benchmark = {
  description: `Frames of recorded sessions decoded and applied on one core, ours beside ${PEER}.`,
  rounds: 3,
  run: async (options) => {
    if (!existsSync(recordings()))
      throw new Error(`The recordings are not at ${recordings()}; name their folder in DATA_DIR.`);
    const hasPeers = await installPeers(options.report);
    return measureInTurns(options, hasPeers ? [OURS, PEER] : [OURS]);
  },
};

async function measureInTurns(
  { rounds, report }: BenchmarkOptions,
  readers: readonly string[],
): Promise<Findings> {
  const figures = new Measurements();
  const notes = new Set<string>();
  for (let round = 0; round < rounds; round += 1)
    for (const venue of VENUES) {
      const tops = new Set<string>();
      for (const variant of round % 2 === 0 ? readers : readers.toReversed()) {
        report(`round ${round + 1} of ${rounds}: ${venue}, ${variant}`);
        const reading = await measured(variant, venue);
        figures.add({ round, key: venue, variant, value: reading.framesPerSecond });
        notes.add(`${venue}: ${reading.frames} recorded frames`);
        tops.add(JSON.stringify(Object.entries(reading.tops).sort()));
      }
      if (tops.size > 1)
        throw new Error(`The books of ${venue} differ in the end: ${[...tops].join(' and ')}.`);
    }
  return {
    rows: VENUES.map((venue) => figures.row(venue, 'frames/s')),
    notes: [
      ...notes,
      'every book ended with the same best bid and ask',
      'kraken: the recorded first version of its protocol, written as the second',
      'ours proves every checksum of kraken; ccxt leaves that out unless told otherwise',
    ],
  };
}

/** Each time in a process of its own, so that nothing is left of the time before. */
async function measured(reader: string, venue: VenueName): Promise<Reading> {
  const child = await Child.start({ file: MEASURE, flags: FLAGS, core: SERVER_CORE });
  try {
    return await child.ask<Reading>('measure', { reader, venue });
  } finally {
    await child.stop();
  }
}
