import { existsSync } from 'node:fs';
import type { Benchmark, BenchmarkOptions, Findings } from './benchmark.ts';
import { type VenueName, VENUES } from './decoding/engine.ts';
import type { DelayReading, MemoryReading } from './decoding/endurance.ts';
import type { Reading } from './decoding/measure.ts';
import { recordings } from './decoding/workload.ts';
import { installPeers } from './install-peers.ts';
import { Child } from './processes/child.ts';
import { SERVER_CORE } from './processes/cores.ts';
import { Measurements, OURS } from './rows.ts';

const PEER = 'ccxt';
const DELAY = { framesPerSecond: 1000, seconds: 10 };
const ENDURANCE = new URL('./decoding/endurance.ts', import.meta.url);
const MEASURE = new URL('./decoding/measure.ts', import.meta.url);

/** Recorded frames of each venue, from the bytes of a socket to books, quotes and trades. */
export const benchmark: Benchmark = {
  description: `Frames of recorded sessions decoded and applied on one core, ours beside ${PEER}.`,
  rounds: 3,
  run: async (options) => {
    if (!existsSync(recordings()))
      throw new Error(`The recordings are not at ${recordings()}; name their folder in DATA_DIR.`);
    const hasPeers = await installPeers(options.report);
    const decoded = await measureInTurns(options, hasPeers ? [OURS, PEER] : [OURS]);
    const endured = await measureEndurance(options);
    return {
      rows: [...decoded.rows, ...endured.rows],
      notes: [...decoded.notes, ...endured.notes],
    };
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
      'both get the bytes that a socket brings; ccxt makes a text of them itself',
      'kraken: the recorded first version of its protocol, written as the second',
      'ours proves every checksum of kraken; ccxt leaves that out unless told otherwise',
    ],
  };
}

/** Measurements without a peer: memory over an hour's worth of frames, and the delay to the bus. */
async function measureEndurance({ report }: BenchmarkOptions): Promise<Findings> {
  const figures = new Measurements();
  const child = await Child.start({
    file: ENDURANCE,
    flags: ['--expose-gc'],
    core: SERVER_CORE,
  });
  try {
    report('an hour of frames, and the memory after each part of it');
    const { megabytes, minutes } = await child.ask<MemoryReading>('memory', {});
    report('frames over a socket to the bus');
    const delay = await child.ask<DelayReading>('delay', DELAY);
    const add = (key: string, value: number) =>
      figures.add({ round: 0, key, variant: OURS, value });
    add('memory-after-first-part', megabytes[0] ?? 0);
    add('memory-after-an-hour', megabytes.at(-1) ?? 0);
    add('frame-to-bus-p50', delay.p50Ms);
    add('frame-to-bus-p99', delay.p99Ms);
    return {
      rows: [
        figures.row('memory-after-first-part', 'MB'),
        figures.row('memory-after-an-hour', 'MB'),
        figures.row('frame-to-bus-p50', 'ms'),
        figures.row('frame-to-bus-p99', 'ms'),
      ],
      notes: [
        `memory: heap in use after a collection, ${minutes.toFixed(0)} minutes of frames in ${megabytes.length} parts: ${megabytes.map((each) => each.toFixed(1)).join(', ')} MB`,
        `frame to bus: ${delay.frames} frames at ${DELAY.framesPerSecond} a second over a socket, in the process that sends them; an instrument is told at most every 20 ms`,
      ],
    };
  } finally {
    await child.stop();
  }
}

/** Runs each time in a new process, so that no state carries over. */
async function measured(reader: string, venue: VenueName): Promise<Reading> {
  const child = await Child.start({ file: MEASURE, core: SERVER_CORE });
  try {
    return await child.ask<Reading>('measure', { reader, venue });
  } finally {
    await child.stop();
  }
}
