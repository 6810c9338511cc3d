import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, type Gzip } from 'node:zlib';
import type { Venue } from '../domain/catalog.ts';
import { FRAME_KINDS, frameFileName } from './frame-file.ts';
import type { FrameTap } from './live/frame-tap.ts';

/** So much is lost at most when the writer is killed. */
const FLUSH_EVERY_MS = 1000;
const NS_PER_MS = 1_000_000n;

/** Writes what a connection hears into a compressed file, a line each: `<ns> <kind><text>`. */
export class FrameRecorder implements FrameTap {
  readonly path: string;
  /** How many frames are written. */
  frames = 0;
  readonly #file: Gzip;
  readonly #flushing: NodeJS.Timeout;
  readonly #written: Promise<unknown>;
  /** The monotonic clock's origin, so that time never goes back. */
  readonly #originNs: bigint;

  /**
   * Begins a new file in this folder, which is made when it is not there.
   * @param onBroken when it can be written no more; {@link end} says why
   */
  constructor(folder: string, venue: Venue, nowMs: number, onBroken: () => void = () => undefined) {
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, frameFileName(venue, nowMs));
    this.#originNs = BigInt(nowMs) * NS_PER_MS - process.hrtime.bigint();
    this.#file = createGzip();
    const target = createWriteStream(this.path, { flags: 'wx' });
    this.#written = pipeline(this.#file, target);
    this.#written.catch(onBroken);
    this.#flushing = setInterval(() => this.#file.flush(constants.Z_SYNC_FLUSH), FLUSH_EVERY_MS);
  }

  connected(): void {
    this.#write(FRAME_KINDS.connected, '');
  }

  frame(text: string): void {
    this.frames += 1;
    this.#write(FRAME_KINDS.frame, text);
  }

  answer(venueSymbol: string, body: string): void {
    this.#write(FRAME_KINDS.answer, `${venueSymbol} ${body}`);
  }

  lost(): void {
    this.#write(FRAME_KINDS.lost, '');
  }

  /** Writes the rest and closes the file. @throws Error if it could not be written */
  async end(): Promise<void> {
    clearInterval(this.#flushing);
    this.#file.end();
    await this.#written;
  }

  /** In JSON a line's end can only stand between two words, where a space means the same. */
  #write(kind: string, text: string): void {
    const nowNs = this.#originNs + process.hrtime.bigint();
    this.#file.write(`${nowNs} ${kind}${text.replaceAll(/[\r\n]/g, ' ')}\n`);
  }
}
