import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

/** What waits for a client that does not read, at most; what would add to it is refused. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** A longer text goes through `ws` itself: its header has another form. */
const MAX_FRAME_BYTES = 0xffff;

let dirty: Outbox[] = [];

function flushDirty(): void {
  const due = dirty;
  dirty = [];
  for (const outbox of due) outbox.flush();
}

/** A WebSocket text frame's header for a payload of so many bytes, at most 65,535. */
function headerOf(length: number): string {
  return length < 126
    ? String.fromCharCode(0x81, length)
    : String.fromCharCode(0x81, 126, length >> 8, length & 0xff);
}

/**
 * All that goes out to one client, in order. Events are put together as ready frames and written to
 * the raw socket once for each turn of the event loop; everything else flushes them first.
 *
 * Writing below `ws` is safe because both write whole frames at once; it is left to `ws` wherever a
 * frame would not be plain text (an extension) or would follow the close frame.
 */
export class Outbox {
  readonly #webSocket: WebSocket;
  readonly #stream: Duplex;
  #frames = '';

  /** @param stream the socket of the upgrade request, which the WebSocket took over */
  constructor(webSocket: WebSocket, stream: Duplex) {
    this.#webSocket = webSocket;
    this.#stream = stream;
  }

  /** Whether the client is so far behind that nothing may be added for it. */
  get isFull(): boolean {
    return this.#frames.length + this.#webSocket.bufferedAmount > MAX_WAITING_BYTES;
  }

  /** Adds a message of ASCII text, to be written before this turn ends. */
  append(text: string): void {
    if (text.length > MAX_FRAME_BYTES || this.#webSocket.extensions !== '') {
      void this.send(text);
      return;
    }
    if (this.#frames === '') {
      dirty.push(this);
      if (dirty.length === 1) setImmediate(flushDirty);
    }
    this.#frames += headerOf(text.length) + text;
  }

  /** Writes what was appended. */
  flush(): void {
    const frames = this.#frames;
    this.#frames = '';
    if (frames !== '' && this.#webSocket.readyState === WebSocket.OPEN)
      this.#stream.write(frames, 'latin1');
  }

  /** Sends any message, after what was appended before it. Never rejects. */
  send(text: string): Promise<void> {
    this.flush();
    if (this.#webSocket.readyState !== WebSocket.OPEN) return Promise.resolve();
    return new Promise((taken) => this.#webSocket.send(text, () => taken()));
  }

  /** Closes with a code of the protocol, after what was appended before. */
  close(code: number, reason: string): void {
    this.flush();
    this.#webSocket.close(code, reason);
  }
}
