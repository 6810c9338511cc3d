import { connect, type Socket } from 'node:net';

const BETWEEN_BYTES_MS = 10;

/** A bare TCP client: it can send what no HTTP library would, and as slowly as it likes. */
export class RawClient {
  /** Everything that was received, once the other side has closed the connection. */
  readonly closed: Promise<string>;
  readonly #socket: Socket;
  #received = '';
  #drip: NodeJS.Timeout | undefined;

  /** @param origin `http://127.0.0.1:4000` */
  constructor(origin: string) {
    const { hostname, port } = new URL(origin);
    this.#socket = connect({ host: hostname, port: Number(port) });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => (this.#received += text));
    this.#socket.on('error', () => {}); // a reset is an end as well
    this.closed = new Promise((resolve) =>
      this.#socket.once('close', () => {
        clearInterval(this.#drip);
        resolve(this.#received);
      }),
    );
  }

  /** Sends lines, each with its line end. */
  send(...lines: readonly string[]): this {
    this.#socket.write(lines.map((line) => `${line}\r\n`).join(''));
    return this;
  }

  /** Sends the beginning of a line, and then one byte of it after the other, without an end. */
  drip(beginning = 'x'): this {
    this.#socket.write(beginning);
    this.#drip = setInterval(() => this.#socket.write('x'), BETWEEN_BYTES_MS);
    return this;
  }

  /** Resolves when something was received that this pattern matches. */
  async receives(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#received))
      await new Promise((resolve) => this.#socket.once('data', resolve));
  }
}
