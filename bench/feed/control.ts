import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { monotonicMicros } from './monotonic.ts';
import { nextQuotes, type QuoteEvent } from './quotes.ts';

const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_MS = 1000;
/** Timers count whole milliseconds, and may be one late. */
const TIMER_MICROS = 2000;

/** Gives the events of one tick to all subscribers. */
export type Publish = (events: readonly QuoteEvent[]) => void;

/**
 * Lets the clients of a benchmark command a source: `emit <events>` makes one tick now, `pace
 * <ticks per second> <ticks>` makes this many at their due times. Lines over loopback TCP, because the
 * one who counts the deliveries knows first when the next event may come.
 * @returns the port
 */
export async function serveControl(publish: Publish): Promise<number> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    onLines(socket, (line) => {
      const [command, first = 0, second = 0] = line
        .split(' ')
        .map((word, index) => (index === 0 ? word : Number(word))) as [string, number?, number?];
      if (command === 'emit') publish(nextQuotes(first));
      else pace(publish, { perSecond: first, ticks: second });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The clients' end of the control. */
export class Control {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async connect(port: number): Promise<Control> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new Control(socket);
  }

  /** One tick of this many events, now. */
  emit(events: number): void {
    this.#socket.write(`emit ${events}\n`);
  }

  /** Ticks of one event at a fixed rate. */
  pace(perSecond: number, ticks: number): void {
    this.#socket.write(`pace ${perSecond} ${ticks}\n`);
  }

  close(): void {
    this.#socket.destroy();
  }
}

function onLines(socket: Socket, onLine: (line: string) => void): void {
  let rest = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString('latin1')}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}

/** Events carry when they were due: one that is made late does not hide its own delay. */
function pace(publish: Publish, { perSecond, ticks }: { perSecond: number; ticks: number }): void {
  const step = MICROS_PER_SECOND / perSecond;
  const start = monotonicMicros() + step;
  let tick = 0;
  const next = () => {
    const dueMicros = start + tick * step;
    const waitMicros = dueMicros - monotonicMicros();
    if (waitMicros > TIMER_MICROS)
      return void setTimeout(next, (waitMicros - TIMER_MICROS) / MICROS_PER_MS);
    if (waitMicros > 0) return void setImmediate(next);
    publish(nextQuotes(1, dueMicros));
    tick += 1;
    if (tick < ticks) setImmediate(next);
  };
  next();
}
