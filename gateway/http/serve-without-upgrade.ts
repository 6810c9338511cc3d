import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Headers that ask for another protocol; they concern nobody beyond this connection. */
const ASKING: ReadonlySet<string> = new Set(['upgrade', 'http2-settings']);

/** Whether a request asks for the one protocol that its connection can switch to. */
export function wantsWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Serves a request that asks for a protocol which nobody speaks here (`Upgrade: h2c` of curl and
 * Java) as if it had not asked, as HTTP requires. By then Node has let go of the connection and
 * read no body, so the connection is handed back to the server, and its bytes are sent in again
 * without those headers.
 */
export function serveWithoutUpgrade(
  server: Server,
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
): void {
  const { method, url, httpVersion } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`, ...headerLines(request.rawHeaders)];
  server.emit('connection', stream);
  stream.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
}

function headerLines(rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.flatMap((name, index) => {
    const lowerCase = name.toLowerCase();
    if (index % 2 === 1 || ASKING.has(lowerCase)) return [];
    const value = rawHeaders[index + 1] ?? '';
    return [`${name}: ${lowerCase === 'connection' ? withoutAsking(value) : value}`];
  });
}

function withoutAsking(connection: string): string {
  const options = connection.split(',').map((option) => option.trim());
  return options.filter((option) => !ASKING.has(option.toLowerCase())).join(', ');
}
