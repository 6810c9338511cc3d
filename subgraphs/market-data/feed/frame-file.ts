import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { isVenue, type Venue } from '../domain/catalog.ts';

/** `kraken_20260131T093000Z.frames.gz`: of which venue, and since when. */
const FRAME_FILE = /^(?<venue>[a-z]+)_\d{8}T\d{6}Z\.frames\.gz$/;

/** What a line of a frame file tells, by the character behind its time. */
export const FRAME_KINDS = { connected: '+', frame: '<', answer: '=', lost: '-' } as const;

/** The name of a file that is begun now. */
export function frameFileName(venue: Venue, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${venue}_${stamp}.frames.gz`;
}

/** Paths of the frame files in a folder by their venues, oldest first; none if there is none. */
export async function findFrameFiles(folder: string): Promise<ReadonlyMap<Venue, string[]>> {
  const found = new Map<Venue, string[]>();
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    const venue = FRAME_FILE.exec(name)?.groups?.['venue'] ?? '';
    if (isVenue(venue)) found.set(venue, [...(found.get(venue) ?? []), join(folder, name)]);
  }
  return found;
}

/** The lines of a file; one whose writer was killed ends where it was last flushed. */
export async function* frameLines(path: string): AsyncGenerator<string, void> {
  const text = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }).setEncoding('utf8');
  // The reader below hears a failure of either end; here it only closes both.
  pipeline(createReadStream(path), text, () => undefined);
  let rest = '';
  for await (const chunk of text as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
