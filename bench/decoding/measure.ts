// One reader, alone in its process, so that no other's objects and types are in its way.
import { answerParent } from '../processes/answer-parent.ts';
import { PEERS } from '../install-peers.ts';
import { OURS } from '../rows.ts';
import type { FrameReader, FrameReaderFactory, VenueName } from './engine.ts';
import { ourReader } from './our-reader.ts';
import { WORKLOADS } from './workload.ts';

/** What one reader did with one venue's recording. */
export interface Reading {
  readonly framesPerSecond: number;
  readonly frames: number;
  /** How every book stood in the end. */
  readonly tops: ReturnType<FrameReader['tops']>;
}

const NANOSECONDS = 1e9;
/** So long at least what is not counted, while the reader is compiled, and then what is. */
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
    let nanoseconds = 0;
    let passes = 0;
    for (; nanoseconds < PART_SECONDS * NANOSECONDS; passes += 1) {
      const reader = make(input.venue, pairs);
      const startedAt = process.hrtime.bigint();
      for (const frame of frames) reader.take(frame);
      nanoseconds += Number(process.hrtime.bigint() - startedAt);
      tops = reader.tops();
    }
    return (passes * frames.length * NANOSECONDS) / nanoseconds;
  };
  play();
  return { framesPerSecond: play(), frames: frames.length, tops };
}

answerParent({ measure });
