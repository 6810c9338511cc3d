import type { Duplex } from 'node:stream';

/** A stream that cannot write at once keeps all of this memory, so it is small. */
const SCRATCH_BYTES = 16 * 1024;

/**
 * Memory that texts are encoded into on their way to a socket, the same for all sockets: a socket
 * that takes a write at once needs it no longer when `write` returns. One that does not keeps the
 * memory, and the others get a new one.
 */
export class ScratchMemory {
  #memory = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

  /**
   * Writes ASCII text to a stream.
   * @returns as the stream's own `write`: false if it has more than its high mark to write
   */
  write(stream: Duplex, text: string): boolean {
    const isIdle = stream.writableLength === 0;
    if (!isIdle || text.length > SCRATCH_BYTES) return stream.write(text, 'latin1');
    const size = this.#memory.write(text, 'latin1');
    const hasRoom = stream.write(this.#memory.subarray(0, size));
    if (stream.writableLength > 0) this.#memory = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
    return hasRoom;
  }
}
