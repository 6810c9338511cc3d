// One reader, alone in its process, so that no other's objects and types are in its way.
import { answerParent } from '../processes/answer-parent.ts';
import { PEERS } from '../install-peers.ts';
import { OURS } from '../rows.ts';
import type { FrameReader, FrameReaderFactory, VenueName } from './engine.ts';
import { ourReader } from './our-reader.ts';
import { WORKLOADS } from './workload.ts';

/** What one reader did with one venue's recording. */
export interface Reading {
  /** Seconds of processor time. */
  readonly framesPerSecond: number;
  readonly frames: number;
  /** How every book stood in the end. */
  readonly tops: ReturnType<FrameReader['tops']>;
}

const MICROSECONDS = 1e6;
/** Seconds of the processor, since other programs use it too: both the warm-up, which is not counted, and then the measurement last at least this long. */
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
  /** Plays the recording again and again, each time for a reader that knows nothing. */
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
