// One reader alone in its process, so that no other reader's objects and types affect it.
import { answerParent } from '../processes/answer-parent.ts';
import { PEERS } from '../install-peers.ts';
import { OURS } from '../rows.ts';
import type { FrameReader, FrameReaderFactory, VenueName } from './engine.ts';
import { ourReader } from './our-reader.ts';
import { WORKLOADS } from './workload.ts';

/** The result of one reader on one venue's recording. */
export interface Reading {
  /** Seconds of processor time. */
  readonly framesPerSecond: number;
  readonly frames: number;
  /** The final state of every book. */
  readonly tops: ReturnType<FrameReader['tops']>;
}

const MICROSECONDS = 1e6;
/** The least processor time, in seconds, of both the uncounted warm-up and the measurement. */
const PART_SECONDS = 2;

async function factoryOf(reader: string): Promise<FrameReaderFactory> {
  if (reader === OURS) return ourReader;
  const peer = (await import(`${PEERS}ccxt.js`)) as { readonly ccxtReader: FrameReaderFactory };
  return peer.ccxtReader;
}

async function measure(input: {
  readonly reader: string;
  readonly venue: VenueName;
}): Promise<Reading> {
  const make = await factoryOf(input.reader);
  const { pairs, frames } = await WORKLOADS[input.venue]();
  let tops: ReturnType<FrameReader['tops']> = {};
  /** Plays the recording repeatedly, each time for a new reader. */
  const play = () => {
    let microseconds = 0;
    let passes = 0;
    for (; microseconds < PART_SECONDS * MICROSECONDS; passes += 1) {
      const reader = make(input.venue, pairs);
      const before = process.cpuUsage();
      for (const frame of frames) reader.take(frame);
      const { user, system } = process.cpuUsage(before);
      microseconds += user + system;
      tops = reader.tops();
    }
    return (passes * frames.length * MICROSECONDS) / microseconds;
  };
  play();
  return { framesPerSecond: play(), frames: frames.length, tops };
}

answerParent({ measure });
