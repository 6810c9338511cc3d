const TEXT = 1;
const SIZE_IN_TWO_BYTES = 126;
const SIZE_IN_EIGHT_BYTES = 127;
const LONGEST_HEAD = 10;
/** Shorter messages (pings, heartbeats) do not count as deliveries. */
const SHORTEST_EVENT = 150;

/** What a reader reports about frames. */
export interface FrameSink {
  /** A whole event was delivered. */
  delivered(): void;
  /** The payload's position, if one read holds the whole event; only then its time is read. */
  sampled(chunk: Buffer, start: number, end: number): void;
  /** A short message or a control frame: its opcode and payload. */
  control(opcode: number, payload: Buffer): void;
}

/**
 * Counts the events in a server's stream of WebSocket frames by their headers alone, so that a
 * benchmark's client is never the bottleneck. Expects a server without compression: unmasked frames,
 * each a whole message.
 */
export class FrameReader {
  /** Whether long messages are events; before the subscription they are protocol responses. */
  countsEvents = false;
  readonly #sink: FrameSink;
  /** Bytes of an event that have not arrived yet. */
  #left = 0;
  /** The start of a frame that the last read cut off, if its bytes matter. */
  #rest: Buffer | null = null;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Reads the first `length` bytes of `chunk`, which the caller can overwrite afterwards. */
  read(chunk: Buffer, length: number): void {
    if (this.#rest !== null) return this.#readOn(this.#rest, chunk.subarray(0, length));
    if (this.#left > length) {
      this.#left -= length;
      return;
    }
    let at = this.#left;
    if (at > 0) {
      this.#left = 0;
      this.#sink.delivered();
    }
    while (at < length) at = this.#readFrame(chunk, at, length);
  }

  #readOn(rest: Buffer, chunk: Buffer): void {
    const whole = Buffer.concat([rest, chunk]);
    this.#rest = null;
    this.read(whole, whole.length);
  }

  /** @returns the position of the next frame */
  #readFrame(chunk: Buffer, at: number, length: number): number {
    const head = headOf(chunk, at, length);
    const start = at + head;
    const size = head === 0 ? 0 : sizeOf(chunk, at, head);
    const end = start + size;
    const opcode = (chunk[at] ?? 0) & 0x0f;
    if (head > 0 && opcode === TEXT && size >= SHORTEST_EVENT && this.countsEvents) {
      if (end > length) {
        this.#left = end - length;
        return length;
      }
      this.#sink.sampled(chunk, start, end);
      this.#sink.delivered();
      return end;
    }
    if (head === 0 || end > length) {
      this.#rest = Buffer.from(chunk.subarray(at, length));
      return length;
    }
    this.#sink.control(opcode, chunk.subarray(start, end));
    return end;
  }
}

/** The size of a frame's header; 0 if it is cut off. */
function headOf(chunk: Buffer, at: number, length: number): number {
  if (at + 2 > length) return 0;
  const size = chunk[at + 1];
  const head = size === SIZE_IN_TWO_BYTES ? 4 : size === SIZE_IN_EIGHT_BYTES ? LONGEST_HEAD : 2;
  return at + head > length ? 0 : head;
}

function sizeOf(chunk: Buffer, at: number, head: number): number {
  if (head === 4) return chunk.readUInt16BE(at + 2);
  if (head === LONGEST_HEAD) return Number(chunk.readBigUInt64BE(at + 2));
  return chunk[at + 1] ?? 0;
}
