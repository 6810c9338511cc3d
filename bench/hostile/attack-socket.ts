import { connect, type Socket } from 'node:net';

/** The attacked gateway, and a count of the outcomes. */
export interface Target {
  readonly port: number;
  readonly signal: AbortSignal;
  /** Counts an outcome: the status line of a response, or how else the connection ended. */
  note(what: string): void;
}

/**
 * Returns loopback addresses in turn, so that there are many attackers, separate from honest clients.
 * @param network a different one for attackers that must not share addresses
 */
export function addressesOf(network: number, count: number): () => string {
  let last = 0;
  return () => {
    last = (last + 1) % count;
    return `127.${network}.${Math.floor(last / 250)}.${1 + (last % 250)}`;
  };
}

/** Opens a silent connection; its first response is counted, and it ends with the attack. */
export function openSocket({ port, signal, note }: Target, localAddress: string): Socket {
  const socket = connect({ host: '127.0.0.1', port, localAddress });
  const end = () => socket.destroy();
  signal.addEventListener('abort', end, { once: true });
  socket.once('data', (answer: Buffer) => note(answer.toString('latin1', 9, 12)));
  socket.on('data', () => undefined);
  socket.on('error', ({ code }: NodeJS.ErrnoException) => note(code ?? 'error'));
  socket.once('close', () => signal.removeEventListener('abort', end));
  return socket;
}

/** Posts a body over a new connection. */
export function post(target: Target, localAddress: string, body: string): void {
  const socket = openSocket(target, localAddress);
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: desk\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Requests an upgrade without an origin, unlike a browser's page. */
export function upgrade(target: Target, localAddress: string): Socket {
  const socket = openSocket(target, localAddress);
  socket.write(
    'GET /graphql HTTP/1.1\r\nhost: desk\r\nconnection: Upgrade\r\nupgrade: websocket\r\n' +
      'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
      'sec-websocket-protocol: graphql-transport-ws\r\n\r\n',
  );
  return socket;
}
