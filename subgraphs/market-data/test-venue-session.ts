// Recorded sessions with a venue: lines of `<epoch s>: <frame>`, between those that tell of our side.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const RECEIVED = /^\d+\.\d+: (.+)$/;

/** What the venue sent in one recorded session, exactly as it was sent. */
export function receivedFrames(path: string): string[] {
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .split('\n')
    .flatMap((line) => RECEIVED.exec(line)?.[1] ?? []);
}
