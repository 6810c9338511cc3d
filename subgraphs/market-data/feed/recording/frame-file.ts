import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { isVenue, type Venue } from '../../domain/catalog/catalog.ts';

/** `kraken_20260131T093000Z.frames.gz`: the venue and the start time. */
const FRAME_FILE = /^(?<venue>[a-z]+)_\d{8}T\d{6}Z\.frames\.gz$/;

/** The kinds of lines in a frame file, by the character after the time. */
export const FRAME_KINDS = { connected: '+', frame: '<', answer: '=', lost: '-' } as const;

/** The name of a file that starts now. */
export function frameFileName(venue: Venue, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${venue}_${stamp}.frames.gz`;
}

/** Paths of a folder's frame files by venue, oldest first; empty if there are none. */
export async function findFrameFiles(folder: string): Promise<ReadonlyMap<Venue, string[]>> {
  const found = new Map<Venue, string[]>();
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    const venue = FRAME_FILE.exec(name)?.groups?.['venue'] ?? '';
    if (isVenue(venue)) found.set(venue, [...(found.get(venue) ?? []), join(folder, name)]);
  }
  return found;
}

/** The lines of a file; if its writer was killed, they end at the last flush. */
export async function* frameLines(path: string): AsyncGenerator<string, void> {
  const text = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }).setEncoding('utf8');
  // The reader below receives a failure of either end; the pipeline only closes both.
  pipeline(createReadStream(path), text, () => undefined);
  let rest = '';
  for await (const chunk of text as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
