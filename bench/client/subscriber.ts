import { randomBytes, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Operation } from '../feed/operations.ts';
import { FrameReader } from './frame-reader.ts';

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const READ_BYTES = 64 * 1024;
/** One buffer for all sockets, because a read ends before the next one starts. */
const READ_BUFFER = Buffer.allocUnsafe(READ_BYTES);
const OPEN_LIMIT_MS = 20_000;
const ADDRESSES = 8;
const HEADERS_END = '\r\n\r\n';

/** The address of a `graphql-transport-ws` server. */
export interface Endpoint {
  readonly port: number;
  readonly path: string;
}

/** What a subscriber reports. */
export interface SubscriberEvents {
  /** A whole event arrived. */
  delivered(): void;
  /** The bytes of an event that arrived in one read. */
  sampled(chunk: Buffer, start: number, end: number): void;
}

interface Message {
  readonly type: string;
  readonly payload?: { readonly errors?: unknown };
}

/** One client with one subscription on one raw socket, as cheap as a client can be. */
export class Subscriber {
  /** Events delivered since the last `restart`. */
  deliveries = 0;
  /** Why it stopped; null while it runs. */
  failure: string | null = null;
  /** Settles when the server has acknowledged the connection and has the subscription. */
  readonly subscribed: Promise<void>;
  readonly #socket: Socket;
  readonly #reader: FrameReader;
  readonly #operation: Operation;
  readonly #limit: NodeJS.Timeout;
  #head = '';
  #isOpen = false;
  #isClosing = false;
  #settle: (failure: string | null) => void = () => undefined;

  constructor(endpoint: Endpoint, operation: Operation, events: SubscriberEvents) {
    this.#operation = operation;
    this.#reader = new FrameReader({
      delivered: () => {
        this.deliveries += 1;
        events.delivered();
      },
      sampled: events.sampled,
      control: (opcode, payload) => this.#onControl(opcode, payload),
    });
    this.subscribed = new Promise((resolve, reject) => {
      this.#settle = (failure) => (failure === null ? resolve() : reject(new Error(failure)));
    });
    this.#socket = connect({
      host: '127.0.0.1',
      ...(process.platform === 'linux' ? { localAddress: nextAddress() } : {}),
      port: endpoint.port,
      noDelay: true,
      onread: { buffer: READ_BUFFER, callback: (length) => this.#onRead(length) },
    });
    this.#limit = setTimeout(() => this.#fail('The server did not answer.'), OPEN_LIMIT_MS);
    this.#socket.on('connect', () => this.#socket.write(upgrade(endpoint)));
    this.#socket.on('error', (cause) => this.#fail(cause.message));
    this.#socket.on('close', () => this.#fail('The server closed the connection.'));
  }

  /** Resets the count. */
  restart(): void {
    this.deliveries = 0;
  }

  /** Disconnects immediately. */
  close(): void {
    this.#isClosing = true;
    clearTimeout(this.#limit);
    this.#socket.destroy();
  }

  #onRead(length: number): boolean {
    if (this.#isOpen) this.#reader.read(READ_BUFFER, length);
    else this.#onUpgrade(READ_BUFFER.subarray(0, length));
    return true;
  }

  #onUpgrade(chunk: Buffer): void {
    this.#head += chunk.toString('latin1');
    const end = this.#head.indexOf(HEADERS_END);
    if (end < 0) return;
    if (!this.#head.startsWith('HTTP/1.1 101')) return this.#fail(this.#head.slice(0, end));
    this.#isOpen = true;
    this.#send({ type: 'connection_init' });
    const rest = Buffer.from(this.#head.slice(end + HEADERS_END.length), 'latin1');
    this.#head = '';
    if (rest.length > 0) this.#reader.read(rest, rest.length);
  }

  #onControl(opcode: number, payload: Buffer): void {
    if (opcode === PING) this.#write(PONG, payload);
    else if (opcode === CLOSE)
      this.#fail(`The server closed: ${payload.readUInt16BE(0)} ${payload.toString('utf8', 2)}`);
    else if (opcode === TEXT) this.#onMessage(payload.toString('utf8'));
  }

  #onMessage(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.type === 'connection_ack') {
      this.#reader.countsEvents = true;
      this.#send({ id: randomUUID(), type: 'subscribe', payload: this.#operation });
      clearTimeout(this.#limit);
      this.#settle(null);
    } else if (message.type === 'ping') this.#send({ type: 'pong' });
    else if (message.type !== 'next' && message.type !== 'pong') this.#fail(text);
    else if (message.payload?.errors !== undefined) this.#fail(text);
  }

  #send(message: unknown): void {
    this.#write(TEXT, Buffer.from(JSON.stringify(message)));
  }

  #write(opcode: number, payload: Buffer): void {
    this.#socket.write(Buffer.concat([maskedHead(opcode, payload.length), payload]));
  }

  #fail(reason: string): void {
    if (this.#isClosing || this.failure !== null) return;
    this.failure = reason;
    clearTimeout(this.#limit);
    this.#settle(reason);
    this.#socket.destroy();
  }
}

let lastAddress = 0;

/** Clients come from several addresses, as real ones do: servers cap the sockets of one address. */
function nextAddress(): string {
  lastAddress = (lastAddress + 1) % ADDRESSES;
  return `127.0.0.${lastAddress + 1}`;
}

function upgrade({ port, path }: Endpoint): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Protocol: graphql-transport-ws',
    '',
    '',
  ].join('\r\n');
}

/** A client must mask its frames; a mask of zeros leaves the payload unchanged. */
function maskedHead(opcode: number, size: number): Buffer {
  const mask = [0, 0, 0, 0];
  return size < 126
    ? Buffer.from([0x80 | opcode, 0x80 | size, ...mask])
    : Buffer.from([0x80 | opcode, 0x80 | 126, size >> 8, size & 255, ...mask]);
}
