import type { Duplex } from 'node:stream';

/** A stream that does not get rid of a write keeps all of this memory for it, so it is not large. */
const SCRATCH_BYTES = 16 * 1024;

/**
 * Memory that texts are encoded into on their way to a socket, the same for all sockets: a socket that
 * takes a write at once needs it no more when `write` returns. One that does not keeps the memory for
 * itself, and the others get a new one.
 */
export class ScratchMemory {
  #memory = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

  /**
   * Writes ASCII text to a stream.
   * @returns as the stream's own `write`: false if it has its high mark's worth to get rid of
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
