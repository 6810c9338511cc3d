import type { Duplex } from 'node:stream';
import { textFrame } from './web-socket-frame.ts';

/**
 * The bytes of frames that many clients are sent, with room in each for the client's own part. They
 * are encoded once; a client then only costs that part. The same memory serves all clients: a
 * socket that takes a write at once needs it no longer when `write` returns, and one that does not
 * keeps it.
 */
export class FrameTemplate {
  /** How much room there is. */
  readonly prefixLength: number;
  /** Where the room is. */
  readonly #places: readonly number[];
  #bytes: Buffer;

  /** @param texts what follows the own parts, ASCII */
  constructor(texts: readonly string[], prefixLength: number) {
    const room = ' '.repeat(prefixLength);
    const frames = texts.map((text) => textFrame(room + text));
    let end = 0;
    this.#places = frames.map((frame, index) => {
      end += frame.length;
      return end - (texts[index] ?? '').length - prefixLength;
    });
    this.prefixLength = prefixLength;
    this.#bytes = Buffer.allocUnsafeSlow(end);
    this.#bytes.write(frames.join(''), 'latin1');
  }

  /**
   * Writes the frames of one client.
   * @param stream has no unwritten data
   * @param prefix ASCII of the template's length
   * @returns as the stream's own `write`
   */
  write(stream: Duplex, prefix: string): boolean {
    const [first = 0] = this.#places;
    const end = first + this.prefixLength;
    this.#bytes.write(prefix, first, 'latin1');
    for (let at = 1; at < this.#places.length; at += 1)
      this.#bytes.copyWithin(this.#places[at] ?? 0, first, end);
    const hasRoom = stream.write(this.#bytes);
    if (stream.writableLength > 0) this.#bytes = this.#copy();
    return hasRoom;
  }

  #copy(): Buffer {
    const copy = Buffer.allocUnsafeSlow(this.#bytes.length);
    this.#bytes.copy(copy);
    return copy;
  }
}
