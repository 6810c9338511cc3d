import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, type Gzip } from 'node:zlib';
import type { Venue } from '../../domain/catalog/catalog.ts';
import { FRAME_KINDS, frameFileName } from './frame-file.ts';
import type { FrameTap } from '../live/frame-tap.ts';

/** At most this much is lost if the process is killed. */
const FLUSH_EVERY_MS = 1000;
const NS_PER_MS = 1_000_000n;

/** Writes everything a connection receives into a compressed file, one line each: `<ns> <kind><text>`. */
export class FrameRecorder implements FrameTap {
  readonly path: string;
  /** How many frames were written. */
  frames = 0;
  readonly #file: Gzip;
  readonly #flushing: NodeJS.Timeout;
  readonly #written: Promise<unknown>;
  /** The origin of the monotonic clock, so that time never goes back. */
  readonly #originNs: bigint;

  /**
   * Starts a new file in this folder, and creates the folder if needed.
   * @param onBroken called when writing fails; {@link end} throws the reason
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

  /** Valid JSON has line breaks only between tokens, where a space means the same. */
  #write(kind: string, text: string): void {
    const nowNs = this.#originNs + process.hrtime.bigint();
    this.#file.write(`${nowNs} ${kind}${text.replaceAll(/[\r\n]/g, ' ')}\n`);
  }
}
